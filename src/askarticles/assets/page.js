// What the page does in the browser. Everything that comes from articles or people is put into
// the document with textContent, never parsed as HTML; offsets are cut on the server.
"use strict";

window.askarticles = (() => {
  const LISTED = 100; // articles drawn at once; more on request
  const IDLE = 10_000; // ms between looks at the index; a renewal is seen within this time
  const BUSY = 500; // ms between looks during a rebuild
  const AT_ONCE = 200; // files that are taken from one drop; more are copied into the folder
  const FILE_BYTES = 50_000_000; // as in reading/archives.py; so that no larger one is sent at all

  const state = { server: null, panel: null, library: null, shown: LISTED, opener: null };
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Storage may be full or forbidden; the page works without it. `store` is "localStorage", for
  // all tabs and days, or "sessionStorage", for this tab until it is closed.
  function remember(store, key, value) {
    try {
      window[store].setItem(key, value);
    } catch {
      // then it is not remembered
    }
  }
  function recall(store, key) {
    try {
      return window[store].getItem(key);
    } catch {
      return null;
    }
  }

  async function call(name, argument = null) {
    try {
      return JSON.parse(await state.server[name](argument));
    } catch {
      return { problem: "The server does not answer. Is askarticles still running?" };
    }
  }

  const say = (words) => {
    if (state.panel) $("[role=status]", state.panel).textContent = words;
  };

  // ---- header: theme, new chat -------------------------------------------------------------

  function theme(dark) {
    document.body.classList.toggle("dark", dark);
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }

  // fresh, again: empty the conversation, and bring back the one that was kept.
  function top(root, fresh, again) {
    const asked = new URLSearchParams(location.search).get("__theme");
    const system = matchMedia("(prefers-color-scheme: dark)").matches;
    theme((asked || recall("localStorage", "askarticles.theme") || (system ? "dark" : "light")) === "dark");
    $(".theme", root).addEventListener("click", () => {
      theme(!document.body.classList.contains("dark"));
      const now = document.body.classList.contains("dark") ? "dark" : "light";
      remember("localStorage", "askarticles.theme", now);
    });
    $(".new-chat", root).addEventListener("click", () => {
      fresh();
      closeSheet();
      box()?.focus();
    });
    again();
    $(".articles-button", root).addEventListener("click", (event) => {
      state.opener = event.currentTarget;
      showLibrary();
      document.body.classList.add("sheet");
      $(".library h2", state.panel).focus();
    });
  }

  // ---- asking --------------------------------------------------------------------------------

  const box = () => $("#question textarea");

  // Types into Gradio's own box and presses its button, so that there is one way to ask.
  async function ask(question) {
    const area = box();
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    set.call(area, question);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 50)); // until Gradio has taken the input in
    $("#question .submit-button").click();
  }

  function home(root) {
    state.home = root;
    $(".add", root).addEventListener("click", () => $(".files", state.panel).click());
    $(".rebuild", root).addEventListener("click", rebuild);
    drawHome();
  }

  // What to do first: ask, add articles, or have the index made.
  function drawHome() {
    if (!state.home || !state.library) return;
    const { articles, folder, readOnly, why } = state.library;
    const made = state.library.state === "open";
    const forms = "Text, Markdown, saved web pages, PDF, Word, EPUB, feeds and mails are read.";
    const byHand = "On the machine that it runs on, stop askarticles and start it without --read-only.";
    let [title, words] = ["Ask your articles", "Every answer is a quotation. Open its number to read it in place."];
    if (!made && state.busy) {
      title = "Making the index";
      words = `The articles in ${folder} are being read. Questions can be asked when that is done.`;
    } else if (!made) {
      title = state.library.state === "missing" ? "No index yet" : "The index cannot be used";
      words = readOnly ? `${why} ${byHand}` : `${why} Rebuilding makes it anew; no article is changed.`;
      if (state.library.state === "missing" && !readOnly) {
        words = `The articles in ${folder} have to be indexed once, before they can be asked.`;
      }
    } else if (!articles.length) {
      title = "No articles yet";
      words = readOnly
        ? `There is nothing to read in ${folder}. ${forms} ${byHand}`
        : `Drop files anywhere on this page, or put them into ${folder} and rebuild the index. ${forms}`;
    }
    $(".told", state.home).textContent = made ? "" : $(".news", state.panel).textContent;
    $("h2", state.home).textContent = title;
    $(".sub", state.home).textContent = words;
    $(".add", state.home).hidden = readOnly || !made || articles.length > 0;
    $(".rebuild", state.home).hidden = readOnly || state.busy || (made && articles.length > 0);
    $(".rebuild", state.home).textContent = state.library.state === "missing" ? "Make the index" : "Rebuild index";
  }

  async function drawExamples() {
    const questions = await call("examples");
    if (!Array.isArray(questions)) return;
    const cards = questions.map((question) => {
      const card = element("button", "example", question);
      card.addEventListener("click", () => ask(question));
      return card;
    });
    $(".examples", state.home).replaceChildren(...cards);
  }

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  const said = (role, shown) => ({ role, content: [{ type: "text", text: shown.outerHTML }] });

  // What is shown of an answer that is none yet, or never came.
  function noted(kind, words) {
    const answer = element("section", `ans ${kind}`);
    answer.append(element("p", kind === "pending" ? "lead" : "advice", words));
    return said("assistant", answer);
  }

  // A question goes into the conversation, and to the server: [box, conversation, asked].
  function asking(question, history) {
    if (history.some(pending)) return [question, history, ""];
    const now = [
      said("user", element("div", "asked", question.replaceAll("\0", "\ufffd"))),
      noted("pending", "Looking through the articles…"),
    ];
    return ["", [...history, ...now], JSON.stringify({ question, ...filters() })];
  }

  function answered(history) {
    if (!history.some(pending)) {
      show();
      return history;
    }
    const words = "The server does not answer. Is askarticles still running? Then ask again.";
    return [...history.slice(0, -1), noted("problem", words)];
  }

  // Brings the last question to the top, as soon as its answer is drawn.
  function show(patience = 60) {
    const answers = all("#chat .ans");
    if (patience && (!answers.length || answers.at(-1).classList.contains("pending"))) {
      setTimeout(show, 50, patience - 1);
      return;
    }
    setTimeout(() => {
      const asked = all("#chat .asked").at(-1);
      asked?.scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" });
    }, 60); // after it is laid out
  }

  const pending = (message) => JSON.stringify(message).includes("ans pending");

  // The conversation of this tab, so that it survives a reload.
  function keep(history) {
    document.body.classList.toggle("talking", history.length > 0);
    const whole = history.some(pending) ? history.slice(0, -2) : history;
    remember("sessionStorage", "askarticles.conversation", JSON.stringify(whole.slice(-60)));
  }

  function kept() {
    let history = [];
    try {
      history = JSON.parse(recall("sessionStorage", "askarticles.conversation")) || [];
    } catch {
      // a damaged copy is as good as none
    }
    document.body.classList.toggle("talking", history.length > 0);
    if (history.length) show();
    return history;
  }

  // ---- filters -------------------------------------------------------------------------------

  const filter = (name) => (state.panel ? $(`.filters .${name}`, state.panel).value : "");
  const chosen = () => ({
    source: filter("source"),
    since: filter("since"),
    until: filter("until"),
  });
  // How the next question is asked, if a button asked it; told once.
  const filters = () => {
    const how = state.how || "";
    state.how = "";
    return { ...chosen(), how };
  };

  function scope(root) {
    state.scope = root;
    $(".clear", root).addEventListener("click", () => unlimit(["source", "since", "until"]));
  }

  function unlimit(names) {
    for (const name of names) $(`.filters .${name}`, state.panel).value = "";
    filtered();
    box().focus();
  }

  function filtered() {
    const { source, since, until } = chosen();
    const day = (iso) =>
      new Date(iso).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "short",
        year: "numeric",
        timeZone: "UTC",
      });
    const words = [
      source && `only ${source}`,
      since && `from ${day(since)}`,
      until && `until ${day(until)}`,
    ];
    const names = ["source", "since", "until"];
    const chips = words.flatMap((word, index) => {
      if (!word) return [];
      const chip = element("button", "chip", word);
      chip.append(element("span", "", "✕"));
      chip.setAttribute("aria-label", `${word}: remove`);
      chip.addEventListener("click", () => unlimit([names[index]]));
      return [chip];
    });
    $(".scope", state.scope).hidden = !chips.length;
    $(".limits", state.scope).replaceChildren(...chips);
    state.shown = LISTED;
    drawList();
  }

  // As the server does it: an article is in when the time that its date names meets the range.
  function dated(published, since, until) {
    if (!since && !until) return true;
    if (!published) return false;
    const first = `${published}-00-00`.slice(0, 10);
    const last = published.length < 10 ? `${published}-99-99`.slice(0, 10) : first;
    return (!since || last >= since) && (!until || first <= until);
  }

  // ---- library -------------------------------------------------------------------------------

  async function panel(root, server) {
    state.panel = root;
    state.server = server;
    for (const name of ["find", "source", "since", "until"]) {
      $(`.filters .${name}`, root).addEventListener("input", filtered);
    }
    $(".more", root).addEventListener("click", () => {
      state.shown += LISTED;
      drawList();
    });
    $(".list .articles", root).addEventListener("click", (event) => {
      const item = event.target.closest("button");
      if (item) open({ id: item.dataset.id, wanted: 0, pointers: [] }, item);
    });
    $(".back", root).addEventListener("click", () => {
      showLibrary();
      $(".library h2", root).focus();
    });
    for (const button of all(".close", root)) button.addEventListener("click", closeSheet);
    $(".rebuild", root).addEventListener("click", rebuild);
    $(".add", root).addEventListener("click", () => $(".files", root).click());
    $(".files", root).addEventListener("change", (event) => {
      add([...event.target.files]);
      event.target.value = "";
    });
    $(".adding .done", root).addEventListener("click", () => ($(".adding", root).hidden = true));
    await draw();
    askFromAddress();
    look();
  }

  function rebuild() {
    state.busy = true; // so that the outcome is told even if it is there at once
    return look("rebuild");
  }

  async function draw() {
    const library = await call("contents");
    if (library.problem) return news(library.problem);
    state.library = library;
    const outlets = [...new Set(library.articles.map((a) => a.source).filter(Boolean))].sort();
    const select = $(".filters .source", state.panel);
    const before = select.value;
    const options = outlets.map((name) => {
      const option = element("option", "", name);
      option.value = name;
      return option;
    });
    select.replaceChildren(select.options[0], ...options);
    select.value = outlets.includes(before) ? before : "";
    for (const name of [".rebuild", ".add"]) $(name, state.panel).hidden = library.readOnly;
    $(".files", state.panel).accept = library.forms.join(",");
    drawUnread(library.unread);
    const articles = plural(library.articles.length);
    const passages = `${library.passages} ${library.passages === 1 ? "passage" : "passages"}`;
    $(".size", state.panel).textContent = `${articles}, ${passages}`;
    filtered();
    drawHome();
    drawExamples();
  }

  const plural = (count) => `${count} ${count === 1 ? "article" : "articles"}`;

  function drawList() {
    if (!state.library) return;
    const words = filter("find").toLowerCase().split(/\s+/).filter(Boolean);
    const { source, since, until } = chosen();
    const matching = state.library.articles.filter((article) => {
      const text = `${article.title} ${article.meta}`.toLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (!source || article.source === source) &&
        dated(article.published, since, until)
      );
    });
    const items = matching.slice(0, state.shown).map((article) => {
      const button = element("button");
      button.dataset.id = article.id;
      button.append(element("span", "title", article.title), element("span", "meta", article.meta));
      const item = element("li");
      item.append(button);
      return item;
    });
    $(".list .articles", state.panel).replaceChildren(...items);
    $(".more", state.panel).hidden = matching.length <= state.shown;
    const every = state.library.articles.length;
    $(".nothing", state.panel).hidden = matching.length > 0 || every === 0;
    $(".library .count", state.panel).textContent =
      matching.length === every ? plural(every) : `${matching.length} of ${plural(every)}`;
  }

  // Files that the last rebuild could not read, and why.
  function drawUnread(files) {
    const details = $(".unread", state.panel);
    details.hidden = !files.length;
    const count = files.length === 1 ? "1 file" : `${files.length} files`;
    $("summary", details).textContent = `${count} could not be read`;
    const items = files.map(([path, reason]) => element("li", "", `${path}: ${reason}`));
    $("ul", details).replaceChildren(...items);
  }

  // ---- adding articles -----------------------------------------------------------------------

  // Left to the browser, a file that is dropped would take the place of the page.
  function carries(event) {
    if (!event.dataTransfer?.types.includes("Files")) return false;
    event.preventDefault();
    return Boolean(state.library) && !state.library.readOnly;
  }
  const cover = element("div", "cover", "Drop to add to your articles");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    if (!cover.isConnected) document.body.append(cover);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) cover.remove();
  });
  document.addEventListener("drop", (event) => {
    cover.remove();
    if (!carries(event)) return;
    event.stopPropagation();
    add([...event.dataTransfer.files]);
  }, true);

  // Sends files one after another, shows what became of each, and has the index renewed.
  async function add(files) {
    if (!files.length) return;
    state.opener = document.activeElement;
    showLibrary();
    document.body.classList.add("sheet");
    $(".adding", state.panel).hidden = false;
    const list = $(".adding ul", state.panel);
    const rows = files.slice(0, AT_ONCE).map((file) => {
      const row = element("li");
      row.append(element("span", "name", file.name), element("span", "fate", "Waiting"));
      return row;
    });
    list.replaceChildren(...rows);
    if (files.length > AT_ONCE) {
      const words = `${files.length - AT_ONCE} more were left out; copy so many into ${state.library.folder}.`;
      list.append(element("li", "refused", words));
    }
    $(".list", state.panel).scrollTop = 0;
    let added = 0;
    for (const [index, row] of rows.entries()) added += await send(files[index], row, "");
    say(`${added} of ${rows.length} files added`);
    if (added) rebuild();
  }

  // Whether it was added. A file whose name is taken asks what to do, and is sent again then.
  async function send(file, row, existing) {
    const fate = $(".fate", row);
    if (file.size > FILE_BYTES) {
      row.className = "refused";
      fate.textContent = "This file is over the limit of 50 MB.";
      return 0;
    }
    fate.replaceChildren("Sending…");
    let answer = { error: "The server does not answer. Is askarticles still running?" };
    try {
      const address = `articles?name=${encodeURIComponent(file.name)}&existing=${existing}`;
      const headers = { "Content-Type": "application/octet-stream" };
      answer = await (await fetch(address, { method: "POST", headers, body: file })).json();
    } catch {
      // then it is that error
    }
    row.className = answer.error ? "refused" : "taken-in";
    if (!answer.error) {
      const { titles } = answer;
      fate.textContent = titles.length === 1 ? `Added: ${titles[0]}` : `Added: ${titles.length} articles`;
      return 1;
    }
    fate.textContent = answer.error;
    if (answer.taken) {
      const button = (label, how) => {
        const made = element("button", "", label);
        made.addEventListener("click", async () => {
          if (await send(file, row, how)) rebuild();
        });
        return made;
      };
      fate.append(button("Replace it", "replace"), button("Keep both", "both"));
    }
    return 0;
  }

  function showLibrary() {
    $(".reader", state.panel).hidden = true;
    $(".library", state.panel).hidden = false;
    for (const link of all("#chat a.cite.open")) link.classList.remove("open");
  }

  function closeSheet() {
    const was = document.body.classList.contains("sheet");
    const reading = !$(".reader", state.panel).hidden;
    document.body.classList.remove("sheet");
    showLibrary();
    if ((was || reading) && state.opener?.isConnected) state.opener.focus();
  }

  // ---- reader --------------------------------------------------------------------------------

  // A citation's link carries where its quotation stands; see Pointer in rendering.py.
  function pointer(link) {
    try {
      const value = JSON.parse(decodeURIComponent(link.getAttribute("href").slice("#cite=".length)));
      return Array.isArray(value) ? value : null;
    } catch {
      return null;
    }
  }

  function openCitation(link) {
    const wanted = pointer(link);
    if (!wanted) return;
    const links = all("a.cite", link.closest(".ans"));
    const pointers = links.map(pointer).filter(Boolean);
    open({ id: wanted[1], wanted: wanted[0], pointers }, link, links);
  }

  async function open(request, opener, links = []) {
    const article = await call("article", request);
    showLibrary();
    state.opener = opener;
    for (const link of all("#chat a.cite.open")) link.classList.remove("open");
    const quoted = links.length ? opener.previousElementSibling?.textContent : "";
    $(".reader article", state.panel).replaceChildren(...drawn(article, request.wanted, quoted));
    $(".reader .sources", state.panel).replaceChildren(...sources(links, request.wanted));
    // What is near but no answer is not marked as one.
    $(".reader", state.panel).classList.toggle("near", Boolean(opener.closest(".none")));
    $(".library", state.panel).hidden = true;
    $(".reader", state.panel).hidden = false;
    document.body.classList.add("sheet");
    if (links.length) opener.classList.add("open");
    const scroller = $(".reader .scroll", state.panel);
    scroller.scrollTop = 0;
    const mark = $("mark.wanted", scroller);
    mark?.scrollIntoView({ block: "center" });
    $("h2", scroller)?.focus({ preventScroll: true });
    say(request.wanted ? `Showing source ${request.wanted} in ${article.title}` : "Article opened");
  }

  function sources(links, wanted) {
    if (!links.length) return [];
    const numbered = links
      .map((link) => ({ link, number: pointer(link)?.[0] }))
      .sort((a, b) => a.number - b.number);
    const label = element("span", "label", "Sources");
    const chips = numbered.map(({ link, number }) => {
      const button = element("button", number === wanted ? "chip open" : "chip", String(number));
      button.setAttribute("aria-label", `Source ${number}`);
      if (number === wanted) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => openCitation(link));
      return button;
    });
    return [label, ...chips];
  }

  function drawn(article, wanted, quoted) {
    if (article.problem) {
      const parts = [heading([["This article cannot be opened", 0]], wanted)];
      parts.push(element("p", "notice", article.problem));
      if (quoted) parts.push(element("p", "notice", "The quotation was:"), element("blockquote", "", quoted));
      return parts;
    }
    const parts = [heading(article.headline, wanted)];
    if (article.meta) parts.push(element("p", "meta", article.meta));
    const where = element("p", "meta", article.path);
    if (article.link) {
      const link = element("a", "original", "Open the original");
      link.href = article.link;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      where.append(" · ", link);
    }
    parts.push(where);
    if (article.notice) parts.push(element("p", "notice", article.notice));
    for (const block of article.blocks) {
      const paragraph = element("p", "");
      fill(paragraph, block, wanted);
      const numbers = [...new Set(block.map(([, number]) => number).filter(Boolean))];
      if (numbers.length) {
        paragraph.className = "cited";
        paragraph.prepend(element("span", "number", numbers.join(" · ")));
      }
      if ($("mark.wanted", paragraph)) paragraph.classList.add("wanted");
      parts.push(paragraph);
    }
    for (const part of parts) if (article.language) part.lang = article.language;
    return parts;
  }

  function heading(pieces, wanted) {
    const title = element("h2", "");
    title.tabIndex = -1;
    fill(title, pieces, wanted);
    return title;
  }

  function fill(parent, pieces, wanted) {
    for (const [words, number] of pieces) {
      if (!number) parent.append(words);
      else parent.append(element("mark", number === wanted ? "wanted" : "", words));
    }
  }

  // ---- index: rebuild, renewal ---------------------------------------------------------------

  const news = (words) => {
    $(".news", state.panel).textContent = words;
    say(words);
  };

  const later = () => (state.timer = setTimeout(look, state.busy ? BUSY : IDLE));

  // Looks at the index, by asking for its status or for a rebuild, and again after a while.
  async function look(ask = "status") {
    clearTimeout(state.timer);
    if (document.hidden && ask === "status") return later();
    const status = await call(ask);
    const now = status.rebuild || {};
    const bar = $("progress", state.panel);
    $(".rebuild", state.panel).disabled = Boolean(now.running);
    bar.hidden = !now.running;
    if (now.running) {
      if (now.total) Object.assign(bar, { max: now.total, value: now.done });
      else bar.removeAttribute("value");
      const what = now.stage === "embedding" ? "passages" : "files";
      $(".news", state.panel).textContent = now.total
        ? `${now.done} of ${now.total} ${what}${timeLeft(now.left)}`
        : "Reading the articles…";
    } else if (status.problem) news(status.problem);
    else if (renewed(status)) {
      await draw();
      news(now.outcome || "The index was renewed.");
    } else if (now.outcome && state.busy) {
      news(now.outcome);
      const library = await call("contents"); // what could not be read may be other files now
      if (library.unread) drawUnread(library.unread);
    }
    state.again ||= Boolean(status.waiting);
    state.busy = Boolean(now.running);
    drawHome();
    if (state.again && !state.busy) {
      state.again = false;
      return rebuild();
    }
    later();
  }

  const renewed = (status) =>
    status.generation !== undefined &&
    (status.generation !== state.library?.generation || status.state !== state.library?.state);

  function timeLeft(seconds) {
    if (seconds < 0) return "";
    return seconds < 100 ? `, ${seconds} s left` : `, ${Math.round(seconds / 60)} min left`;
  }

  // ---- links to questions, copies, keys ------------------------------------------------------

  function askFromAddress() {
    const address = new URLSearchParams(location.search);
    const question = address.get("q");
    if (!question) return;
    for (const name of ["source", "since", "until"]) {
      $(`.filters .${name}`, state.panel).value = address.get(name) || "";
    }
    filtered();
    window.history.replaceState(null, "", location.pathname); // a reload does not ask again
    ask(question);
  }

  async function copy(button, text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = element("textarea", "unseen", text); // where the clipboard is closed to scripts
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = "Copied";
    say("Copied");
    setTimeout(() => (button.textContent = label), 1500);
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a.cite");
      const whole = event.target.closest?.("#chat a.read");
      const button = event.target.closest?.("#chat .ans button");
      const text = (name) => $(name, button.closest(".ans")).textContent;
      if (link) {
        event.preventDefault();
        event.stopPropagation();
        openCitation(link);
      } else if (whole) {
        event.preventDefault();
        event.stopPropagation();
        const id = decodeURIComponent(whole.getAttribute("href").slice("#article=".length));
        open({ id, wanted: 0, pointers: [] }, whole);
      } else if (button?.classList.contains("how")) {
        state.how = $(".for-how", button).textContent;
        ask(JSON.parse(state.how).question);
      } else if (button?.classList.contains("unlimited")) {
        const before = $(".for-link", button.closest(".ans")).textContent;
        unlimit(["source", "since", "until"]);
        ask(new URLSearchParams(before).get("q"));
      } else if (button?.classList.contains("copy")) copy(button, text(".for-copy"));
      else if (button?.classList.contains("link")) {
        copy(button, location.origin + location.pathname + text(".for-link"));
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape" && state.panel) closeSheet();
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      closeSheet();
      box()?.focus();
    }
  });

  // Gradio names each message by its raw text, which here is markup; name it by what it is.
  new MutationObserver(() => {
    for (const message of all("#chat [data-testid=user], #chat [data-testid=bot]")) {
      const name = message.dataset.testid === "user" ? "Question" : "Answer";
      if (message.getAttribute("aria-label") !== name) message.setAttribute("aria-label", name);
    }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });

  // The outlet and date of a citation, beside its number while it is pointed at or focused.
  const tip = element("div", "tip");
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  function showTip(event) {
    const link = event.target.closest?.("#chat a.cite");
    tip.hidden = !link;
    if (!link) return;
    const story = link.closest(".story");
    const words = [$(".headline", story), $(".meta", story)].map((part) => part?.textContent);
    tip.replaceChildren(element("strong", "", words[0]), element("span", "", words[1] || ""));
    if (!tip.isConnected) document.body.append(tip);
    const place = link.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${place.top - tip.offsetHeight - 6}px`;
  }
  for (const type of ["mouseover", "focusin", "focusout"]) document.addEventListener(type, showTip);
  document.addEventListener("scroll", () => (tip.hidden = true), true);

  return { top, home, scope, panel, asking, answered, keep, kept, look };
})();
