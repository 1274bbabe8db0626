"""Mails: the sender's own words; and web pages saved as mails."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Story
from askarticles.errors import ArticleError
from askarticles.reading.mail import read_mail, read_mbox, read_mhtml

WORDS = "The weir at Oakmere broke on Friday night.\n\nTwo barns stand in water, the miller said.\n"
BODY = "The weir at Oakmere broke on Friday night.\n\nTwo barns stand in water, the miller said."


def mail(plain="", html="", subject="Weir at Oakmere broke – barns flooded", **headers):
    message = EmailMessage()
    message["From"] = headers.pop("sender", "Jörg Ünal <jorg@oakmere.example>")
    message["To"] = "desk@oakmere.example"
    message["Subject"] = subject
    message["Date"] = headers.pop("date", "Fri, 12 May 2023 21:05:00 +0200 (CEST)")
    for name, value in headers.items():
        message[name] = value
    if plain:
        message.set_content(plain)
    if html and plain:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def removed(story):
    return "\n".join(removal.text for removal in story.removed)


def test_the_header_says_who_wrote_what_and_when():
    story = read_mail(mail(WORDS, Organization="Oakmere Mail"))
    assert story.title == "Weir at Oakmere broke – barns flooded"
    assert story.author == "Jörg Ünal"
    assert story.published == "2023-05-12T21:05:00+02:00"
    assert story.source == "Oakmere Mail"
    assert story.body == BODY


def test_a_header_in_raw_bytes_or_encoded_words_is_decoded():
    data = (
        b"From: =?iso-8859-1?Q?Zo=EB_N=F8rgaard?= <z@a.example>\r\n"
        b"Subject: Bl\xe5b\xe6r\xf8l =?utf-8?B?4oCT?= nytt\r\n\r\n" + WORDS.encode()
    )
    story = read_mail(data)
    assert story.author == "Zoë Nørgaard"
    assert story.title == "Blåbærøl – nytt"


@pytest.mark.parametrize("subject", ["Re: Weir broke", "AW: Re: Weir broke", "Fwd: Weir broke"])
def test_the_marks_of_replies_are_no_part_of_the_title(subject):
    assert read_mail(mail(WORDS, subject=subject)).title == "Weir broke"


ATTRIBUTIONS = [
    "On Fri, 12 May 2023 at 19:12, News Desk <desk@oakmere.example> wrote:",
    "On Fri, 12 May 2023 at 19:12, The Long Named News Desk\n<desk@oakmere.example> wrote:",
    "Am 12.05.23 um 19:12 schrieb News Desk:",
    "Le ven. 12 mai 2023 à 19:12, News Desk <desk@oakmere.example> a écrit :",
    "El vie, 12 may 2023 a las 19:12, News Desk (<desk@oakmere.example>) escribió:",
    "Il giorno ven 12 mag 2023 alle ore 19:12 News Desk <desk@oakmere.example> ha scritto:",
    "Em sex., 12 de mai. de 2023 às 19:12, News Desk <desk@oakmere.example> escreveu:",
    "Op vr 12 mei 2023 om 19:12 schreef News Desk <desk@oakmere.example>:",
    "Den fre 12 maj 2023 kl 19:12 skrev News Desk <desk@oakmere.example>:",
    "News Desk wrote:",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_a_quoted_mail_is_left_out_with_the_line_that_announces_it(line):
    story = read_mail(mail(f"{WORDS}\n{line}\n\n> Is the dam safe?\n> It will never break.\n"))
    assert story.body == BODY
    assert "It will never break." in removed(story)
    assert "19:12" in removed(story) or "News Desk wrote:" in removed(story)


def test_words_below_and_between_quotations_stay():
    text = "Ann wrote:\n> Did it break?\n\nIt broke at nine.\n\n> Who saw it?\n\nThe miller did.\n"
    assert read_mail(mail(text)).body == "It broke at nine.\n\nThe miller did."


def test_a_mail_quoted_without_signs_is_left_out_to_its_end():
    for heading in (
        "-----Original Message-----\nFrom: Desk\nSent: Friday\nTo: Jorg\nSubject: Dam",
        "________________________________\nFrom: Desk\nSent: Friday\nTo: Jorg\nSubject: Dam",
        "Von: Desk\nGesendet: Freitag\nAn: Jorg\nBetreff: Wehr",
        "De : Desk\nEnvoyé : vendredi\nÀ : Jorg\nObjet : Barrage",
        "On Fri, 12 May 2023 at 19:12, Desk <d@a.example> wrote:",
    ):
        story = read_mail(mail(f"{WORDS}\n{heading}\n\nIt will never break.\n"))
        assert "never" not in story.body
        assert story.body.startswith(BODY)
        assert "never" in removed(story)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the mayor of Oakmere wrote:\n\nWe will mend the weir.\n",
        "In 2019 at 10:30 the mayor wrote:\n\nWe will mend the weir.\n",
        "He was\nsent from my village to the town, and you can hear it.\n",
        "Readers may write to us.\n\nFrom: the weir, a view of Oakmere.\n",
    ],
)
def test_prose_that_looks_like_a_quotation_stays(text):
    assert " ".join(read_mail(mail(text)).body.split()) == " ".join(text.split())


def test_signatures_and_added_lines_are_left_out():
    text = f"{WORDS}\n-- \nJörg Ünal\nOakmere Mail, Mill Lane\n"
    assert read_mail(mail(text)).body == BODY
    for line in ("Sent from my phone", "Von meinem Telefon gesendet", "Get Outlook for Android"):
        story = read_mail(mail(f"{WORDS}\n{line}\n"))
        assert story.body == BODY
        assert removed(story) == line


def test_a_forwarded_mail_is_read_as_the_one_that_it_passes_on():
    text = (
        "\n---------- Forwarded message ---------\nFrom: Ada Quill <ada@mill.example>\n"
        "Date: Thu, 11 May 2023 at 08:00\nSubject: Weir\nTo: Jorg <j@a.example>\n\n" + WORDS
    )
    story = read_mail(mail(text, subject="Fwd: Weir"))
    assert story.body == BODY
    assert story.author == "Ada Quill"
    assert story.published.startswith("2023-05-11")


def test_a_forward_that_the_mail_program_quotes_is_read_as_the_one_that_it_passes_on():
    html = (
        '<blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Ada Quill'
        " &lt;ada@mill.example&gt;<br></div><div><b>Subject: </b>Weir<br></div><div><b>Date: </b>"
        "11 May 2023 at 08:00:00 CEST<br></div><div><b>To: </b>j@a.example<br></div><br>"
        "<div>The weir broke.</div><div><br></div><div>Two barns are wet.</div></blockquote>"
    )
    story = read_mail(mail(html=f"<div><br>{html}</div>"))
    assert story.body == "The weir broke.\n\nTwo barns are wet."
    assert story.author == "Ada Quill"
    assert story.published == "2023-05-11T08:00:00+02:00"
    assert read_mail(mail(html=f"<p>See below.</p>{html}")).body == "See below."


def test_dashes_between_two_parts_of_a_text_are_no_signature():
    text = "The weir broke.\n\n--\n\nIt was built in 1901.\n"
    assert "It was built in 1901." in read_mail(mail(text)).body


def test_of_two_forms_one_is_read():
    html = "<p>The weir at Oakmere broke on Friday night.</p><p>Two barns stand in water, …</p>"
    assert read_mail(mail(WORDS, html)).body == BODY


def test_a_notice_in_place_of_the_plain_form_gives_way_to_the_page():
    html = "<p>The weir at Oakmere broke on Friday night.</p>" * 4
    story = read_mail(mail("See this in a browser.", html))
    assert story.body.count("Oakmere") == 4


def test_quotations_and_signatures_in_a_page_are_left_out():
    html = (
        "<div>The weir broke.</div><div>Two barns<br>stand in water.<br><br>Nobody is hurt.</div>"
        '<div class="gmail_signature">Jörg<br>Reporter</div>'
        '<div class="gmail_quote"><div>On Fri, 12 May 2023 at 19:12, Desk &lt;d@a.example&gt; '
        'wrote:<br></div><blockquote type="cite"><p>It will never break.</p></blockquote></div>'
    )
    story = read_mail(mail(html=html))
    assert story.body == "The weir broke.\n\nTwo barns stand in water.\n\nNobody is hurt."
    assert "Reporter" in removed(story)
    assert "never" in removed(story)


def test_a_newsletter_keeps_its_lists_and_loses_its_footer():
    html = (
        '<div style="display:none">preview</div><table role="presentation"><tr><td>'
        "<h1>Today</h1><p>Weir broke.</p><ul><li>Barns wet</li><li>Road shut</li></ul></td></tr>"
        "<tr><td><p>Unsubscribe from this list</p></td></tr></table>"
    )
    assert read_mail(mail(html=html)).body == "Today\n\nWeir broke.\n\nBarns wet\nRoad shut"


def test_text_around_a_picture_is_read_whole():
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Weir"
    message.set_content("It broke at nine.\n")
    message.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="weir.jpg")
    message.add_attachment("It was mended at ten.\n", disposition="inline")
    story = read_mail(message.as_bytes())
    assert story.body == "It broke at nine.\n\nIt was mended at ten."
    assert removed(story) == "weir.jpg (image/jpeg)"
    assert story.author == "a@b.example"


def test_plain_text_beside_a_page_is_read_with_it():
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Weir"
    message.set_content("<p>It broke at nine.</p>", subtype="html")
    message.add_attachment("It was mended\nat ten.\n", disposition="inline")
    assert read_mail(message.as_bytes()).body == "It broke at nine.\n\nIt was mended at ten."


def test_soft_line_ends_are_taken_back():
    data = (
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8; "
        b"format=flowed; delsp=yes\r\n\r\nThe we \r\nir broke  \r\nat nine.\r\n\r\nYes.\r\n"
    )
    assert read_mail(data).body == "The weir broke at nine.\n\nYes."


def test_an_unknown_charset_is_guessed():
    data = "From: a@b.example\nContent-Type: text/plain; charset=x-none\n\nDas Wehr ist müde.\n"
    for encoding in ("utf-8", "cp1252"):
        assert read_mail(data.encode(encoding)).body == "Das Wehr ist müde."


@pytest.mark.parametrize("data", [b"", b"Just words.", b"From: a@b.example\nSubject: x\n\n"])
def test_what_is_no_mail_or_empty_is_refused(data):
    with pytest.raises(ArticleError, match="mail"):
        read_mail(data)


@pytest.mark.parametrize("depth", [299, 400, 3000])
def test_parts_nested_without_end_are_refused(depth):
    data = b"From: a@b.example\n"
    for level in range(depth):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
    if depth < 300:
        assert read_mail(data + b"\nThe weir broke.\n").body == "The weir broke."
    else:
        with pytest.raises(ArticleError, match="parts"):
            read_mail(data + b"\nThe weir broke.\n")


@pytest.mark.parametrize("line", ["From: a\nTo: b\nSubject: c\n\n", ">" * 3000 + "\n"])
def test_mails_passed_on_without_end_are_refused(line):
    with pytest.raises(ArticleError, match="words of its own"):
        read_mail(mail(line * 500))


PAGE = (
    "<html><head><title>Weir at Oakmere broke</title></head><body><article>"
    "<h1>Weir at Oakmere broke</h1>"
    "<p>The weir at Oakmere broke on Friday night, and the lower road was closed at once.</p>"
    "<p>Two barns stand in water, the miller said on Saturday: “Nobody was inside them.”</p>"
    "</article></body></html>"
)


def saved_page(charset="utf-8"):
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://oakmere.example/weir\r\n"
        "Subject: Weir\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
        'type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; '
        f"charset={charset}\r\nContent-Location: https://oakmere.example/weir\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    tail = "\r\n--b\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n--b--\r\n"
    return head.encode() + PAGE.encode(charset) + tail.encode()


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_saved_page_is_read_as_the_page(charset):
    story = read_mhtml(saved_page(charset))
    assert story.title == "Weir at Oakmere broke"
    assert "“Nobody was inside them.”" in story.body
    assert story.url == "https://oakmere.example/weir"


def test_the_page_in_a_frame_is_not_the_saved_page():
    frame = (
        "--b\r\nContent-Type: text/html\r\nContent-Location: https://ads.example/\r\n\r\n"
        "<html><body><p>Buy our fine boats while the summer lasts.</p></body></html>\r\n--b\r\n"
    )
    story = read_mhtml(saved_page().replace(b"--b\r\n", frame.encode(), 1))
    assert story.title == "Weir at Oakmere broke"
    assert "boats" not in story.body


def test_a_saved_page_without_a_page_is_refused():
    with pytest.raises(ArticleError, match="page"):
        read_mhtml(mail(WORDS))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_harmed_mails_give_a_story_or_an_article_error(draw):
    html = "<p>It broke.</p><blockquote type='cite'>No</blockquote>"
    whole = draw.draw(st.sampled_from([mail(WORDS + "\n> x\n-- \nJ", html), saved_page()]))
    data = bytearray(whole)
    for _ in range(draw.draw(st.integers(0, 5))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = bytes(data[: draw.draw(st.integers(0, len(data)))])
    for reader in (read_mail, read_mhtml):
        try:
            assert isinstance(reader(cut), Story)
        except ArticleError:
            continue


@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_dateline_names_the_outlet(form):
    lines = ["OAKMERE (Weir Press) – The weir broke on Friday night.", "Two barns stand in water."]
    page = "".join(f"<p>{line}</p>" for line in lines)
    story = read_mail(mail(**{form: "\n\n".join(lines) if form == "plain" else page}))
    assert story.source == "Weir Press"
    assert story.body == "The weir broke on Friday night.\n\nTwo barns stand in water."


def test_a_forwarded_mail_is_read_instead_of_the_note_over_it():
    heading = "From: Ada Quill <ada@pell.example>\nDate: Tue, 13 Feb 2024\nSubject: Weir\n"
    marker = "---------- Forwarded message ---------\n"
    story = read_mail(mail(f"See below.\n\nIda\n\n{marker}{heading}\n{WORDS * 2}"))
    assert story.body == f"{BODY}\n\n{BODY}"
    assert story.author == "Ada Quill"
    assert "See below." in removed(story)
    long = "The weir will be mended, the council says, before the rain comes back to the valley."
    assert read_mail(mail(f"{long}\n\n{marker}{heading}\n{WORDS}")).body == long


def attached(note, subject="Weir", kind="mixed", inside=WORDS):
    message = EmailMessage()
    message["From"], message["Subject"] = "Ida Loft <ida@pell.example>", subject
    message.set_content(note)
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Ada Quill <ada@pell.example>", "The weir broke"
    inner["Date"] = "Tue, 13 Feb 2024 09:15:00 +0000"
    inner.set_content(inside)
    message.add_attachment(inner)
    message.replace_header("Content-Type", f'multipart/{kind}; boundary="b"')
    return message.as_bytes()


def test_a_mail_that_is_attached_to_a_note_is_the_story():
    story = read_mail(attached("See below.", "Fwd: The weir broke"))
    assert (story.title, story.author, story.body) == ("The weir broke", "Ada Quill", BODY)
    assert story.published[:10] == "2024-02-13"
    assert "See below." in removed(story)


def test_a_mail_that_is_attached_to_an_article_is_no_part_of_it():
    assert read_mail(attached(WORDS)).body == BODY
    assert read_mail(attached(WORDS)).author == "Ida Loft"
    report = read_mail(attached("Your mail was not delivered.", kind="report"))
    assert report.body == "Your mail was not delivered."


def test_a_mail_of_its_own_stays_the_story_however_long_the_one_attached_is():
    said = WORDS + "\nThe council will build it again, at twice the price of the old one. " * 3
    story = read_mail(attached(said, "Fwd: Weir", inside=WORDS * 20))
    assert (story.author, story.body[: len(BODY)]) == ("Ida Loft", BODY)


def test_a_mailbox_holds_its_mails():
    line = b"From ada@pell.example Tue Feb 13 09:15:00 2024\n"
    second = mail("From Pell it is 2024 steps.\n\n>From here, the road is shut.\n")
    box = line + mail(WORDS) + b"\n" + line + second + b"\n" + line + mail("> Quoted.\n")
    one, two, three = read_mbox(box)
    assert isinstance(one, Story) and isinstance(two, Story)
    assert (one.author, one.body) == ("Jörg Ünal", BODY)
    assert two.body == "From Pell it is 2024 steps.\n\nFrom here, the road is shut."
    assert isinstance(three, Story) and three.body == "Quoted."
    rules = "It rains.\n\nFrom 1 May 2024 the new rules hold\nNote: they are strict\n"
    (only,) = read_mbox(line + mail(rules))
    assert isinstance(only, Story)
    assert "From 1 May 2024 the new rules hold" in only.body
    with pytest.raises(ArticleError, match="mailbox"):
        read_mbox(b"no mail")


def test_a_newsletter_is_by_whom_its_byline_names():
    sender = "The Weir Post <news@weir.example>"
    story = read_mail(mail(f"View in browser\n\nBy Ada Quill\n\n{WORDS}", sender=sender))
    assert (story.author, story.source, story.body) == ("Ada Quill", "The Weir Post", BODY)


OUTLOOK = "From: Ada Quill <ada@pell.example>\nSent: Tuesday, 13 February 2024 09:15\nTo: Ida\n"


@pytest.mark.parametrize("subject", ["FW: Weir", "WG: AW: Weir", "TR: Weir", "Fwd: Weir"])
@pytest.mark.parametrize("rule", ["", "-----Original Message-----\n"])
def test_the_subject_of_a_forward_says_that_the_mail_below_is_the_story(subject, rule):
    text = f"See below, this is what we spoke of.\n\nIda\n\n{rule}{OUTLOOK}Subject: Weir\n\n{WORDS}"
    story = read_mail(mail(text, subject=subject))
    assert story.body == BODY
    assert (story.author, story.published) == ("Ada Quill", "2024-02-13T09:15:00")
    assert "See below" in removed(story)


def test_a_forward_of_a_forward_is_read_as_the_innermost_mail():
    inner = f"Please read.\n\n{OUTLOOK}Subject: Weir\n\n{WORDS}"
    text = f"For you.\n\nFrom: Per\nSent: Wednesday\nTo: Ida\nSubject: FW: Weir\n\n{inner}"
    assert read_mail(mail(text, subject="FW: FW: Weir")).body == BODY


@pytest.mark.parametrize(
    ("subject", "below"), [("RE: FW: Weir", WORDS), ("RE: Weir", WORDS), ("FW: Weir", "Thanks.\n")]
)
def test_an_answer_is_not_read_as_the_mail_that_it_answers(subject, below):
    own = "The weir will be mended, the council says, before the rain comes."
    text = f"{own}\n\n{OUTLOOK}Subject: Weir\n\n{below}"
    assert read_mail(mail(text, subject=subject)).body == own


def test_a_line_that_nearly_begins_a_mail_is_looked_at_once():
    start = time.process_time()
    with pytest.raises(ArticleError):
        read_mbox(b"From x " + b"Mon 11:11 " * 3000 + b"\n\nIt rains.")
    assert time.process_time() - start < 5
