"""Saved web pages: the faults that people report about readers of pages, kind by kind."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Story
from askarticles.errors import ArticleError
from askarticles.reading.webpage import read_webpage

STORY = (
    "The harbour council of Brackwater voted on Monday to mend the old stone pier before winter.",
    "Work begins in October and will cost nearly two million crowns, said the mayor, Oda Lindqvar.",
    "Fishermen may keep their moorings on the north side while the cranes stand on the south side.",
    "The pier was last mended in 1987, after a storm had torn away the outer lamp.",
)
BODY = "".join(f"<p>{paragraph}</p>\n" for paragraph in STORY)
TEXT = "\n\n".join(STORY)


def page(body: str = BODY, head: str = "", title: str = "Old pier to be mended", lang="en"):
    return read_webpage(
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head>'
        f"<body><main><article><h1>Old pier to be mended</h1>{body}</article></main></body></html>"
    )


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def removed(story: Story) -> dict[str, str]:
    found: dict[str, str] = {}
    for removal in story.removed:
        found[removal.rule] = found.get(removal.rule, "") + removal.text
    return found


# The body


def test_body_is_the_paragraphs_without_the_headline():
    story = page()
    assert story.title == "Old pier to be mended"
    assert story.body == TEXT
    assert removed(story)["headline"] == "Old pier to be mended"


def test_each_paragraph_knows_its_line():
    story = read_webpage("<html>\n<body>\n<h1>Pier</h1>\n" + BODY + "</body></html>")
    offsets = [story.body.index(paragraph) for paragraph in STORY]
    assert [(place.offset, place.label) for place in story.places] == [
        (offset, f"line {line}") for offset, line in zip(offsets, range(4, 8), strict=True)
    ]


def test_three_sentences_or_a_piece_of_html_are_a_page():
    small = "<p>The ferry is late.</p><p>It waits for fog to lift.</p><p>Nobody is worried.</p>"
    assert read_webpage(small).body.split("\n\n") == [
        "The ferry is late.",
        "It waits for fog to lift.",
        "Nobody is worried.",
    ]


def test_inline_markup_never_breaks_a_word():
    story = page(
        '<p><span class="dropcap">T</span>he pas&shy;sen&shy;ger boat to Lark&#8203;haven sails at '
        "<nobr>six o'clock</nobr> for <b>£2</b>.50, not <i>£3</i>, until C<small>OUNCILLOR</small> "
        "Farroway's motion passes.</p>" + BODY
    )
    assert story.body.startswith(
        "The passenger boat to Larkhaven sails at six o'clock for £2.50, not £3, until COUNCILLOR "
        "Farroway's motion passes."
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "The <x-term>piles</x-term> of <st1:city>Larkhaven</st1:city> had sunk, she said.",
            "The piles of Larkhaven had sunk, she said.",
        ),
        (
            "The <button class=tooltip>lamp</button> above them had <label>sunk</label>, she said.",
            "The lamp above them had sunk, she said.",
        ),
        ("It will be closed in <del>July</del><ins>June</ins>.", "It will be closed in June."),
        ("It was built by <s>the town</s> the county.", "It was built by the county."),
        (
            'Three piles are hollow.<sup><a href="#n1">1</a></sup> The deck bears it'
            '<sup><a href="#n2">[2]</a></sup> still.',
            "Three piles are hollow. The deck bears it still.",
        ),
        (
            'Three piles are hollow<a href="#n1">1</a>. See chapter <a href="#c2">2</a>.',
            "Three piles are hollow. See chapter 2.",
        ),
        (
            "It is long<sup>[<i><a>citation needed</a></i>]</sup> and bears 10 m<sup>2</sup>.",
            "It is long and bears 10 m².",
        ),
        ('The report is of May.<a href="#r1">↩︎</a>', "The report is of May."),
    ],
)
def test_words_in_odd_elements_stay_and_deleted_words_and_marks_of_notes_go(markup, expected):
    assert page(f"<p>{markup}</p>{BODY}").body == f"{expected}\n\n{TEXT}"


DEK = "Boat owners promise to fight the plan, which takes away a third of the harbour."


@pytest.mark.parametrize(
    "markup",
    [
        f"<h1>Old pier to be mended</h1><p class=dek>{DEK}</p><div class=story-body>{BODY}</div>",
        f"<header><h1>Old pier to be mended</h1><div><p>{DEK}</p></div><p>By Ida Loft</p></header>"
        f"<div class=article-body>{BODY}</div>",
        f"<h1>Old pier to be mended</h1><h2>{DEK[:-1]}</h2><p class=byline>By Ida Loft</p>"
        f"<article><div itemprop=articleBody>{BODY}</div></article>",
    ],
)
def test_a_standfirst_outside_the_box_of_the_story_is_kept(markup):
    story = read_webpage(f"<body><main>{markup}</main></body>")
    assert story.body in (f"{DEK}\n\n{TEXT}", f"{DEK[:-1]}\n\n{TEXT}")


@pytest.mark.parametrize(
    "markup",
    [
        "<div><img src=a.jpg><p>Two cranes wait on the quay at dusk on a day of rain.</p></div>",
        "<div class=author-box><p>Ida Loft reports on harbours and ships since 2009.</p></div>",
        "<p>Brackwater Herald · 3 May 2021, 7:40 p.m.</p>",
        "<h2>The markets</h2><p>Shares of the ferry company fell by a tenth on Monday.</p>",
        "<p>News of the harbour</p>",
    ],
)
def test_captions_authors_and_labels_under_the_headline_are_no_standfirst(markup):
    head = f"<title>Old pier to be mended</title><h1>Old pier to be mended</h1>{markup}"
    story = read_webpage(f"<main>{head}<div class=article-body>{BODY}</div></main>")
    assert story.body == TEXT


def test_key_points_under_the_headline_are_kept_and_lists_of_labels_are_not():
    points = "<ul><li>The pier gets a new lamp</li><li>40 boats have to move</li></ul>"
    labels = "<ul><li>News from the harbour</li><li>Sport in the county</li></ul>"
    for lists, expected in (
        (points, "- The pier gets a new lamp\n- 40 boats have to move\n\n"),
        (labels, ""),
    ):
        assert page(lists + BODY).body == expected + TEXT
        outside = f"<h1>Old pier to be mended</h1>{lists}<div class=article-body>{BODY}</div>"
        assert read_webpage(f"<main>{outside}</main>").body == expected + TEXT


def test_links_to_edit_a_section_are_no_part_of_its_heading():
    edit = '<span class="mw-editsection"><span>[</span><a>edit</a><span>]</span></span>'
    assert "\n\nHistory\n\n" in page(f"{BODY}<h2>History{edit}</h2>{BODY}").body


def test_buttons_beside_sentences_are_no_words():
    story = page(f"<p>{STORY[0]} <button>Play</button> {STORY[1]}</p><button>Share</button>{BODY}")
    assert "Play" not in story.body
    assert "Share" not in story.body


def test_headings_lists_tables_and_quotations_stay_apart():
    story = page(
        BODY + "<h3>What changes on Monday</h3><p>Buses will stop on the south bank until noon.</p>"
        "<ul><li>The <b>first</b> bus leaves at six.</li><li>The last bus leaves at nine.</li></ul>"
        "<table><tr><th>Lane</th><th>Toll</th></tr><tr><td>North</td><td>4 crowns</td></tr></table>"
        "<blockquote>We waited long for this, and we will wait no longer.</blockquote>" + BODY
    )
    paragraphs = story.body.split("\n\n")
    assert paragraphs[4:9] == [
        "What changes on Monday",
        "Buses will stop on the south bank until noon.",
        "- The first bus leaves at six.\n- The last bus leaves at nine.",
        "Lane | Toll\nNorth | 4 crowns",
        "We waited long for this, and we will wait no longer.",
    ]


def test_line_breaks_that_end_sentences_or_come_twice_make_paragraphs():
    broken = "<div>" + "<br><br>\n".join(STORY[:3]) + "<br>It goes<br>on here.</div>"
    story = page(broken)
    assert story.body.split("\n\n") == [*STORY[:3], "It goes on here."]


def test_unseen_text_is_no_text():
    story = page(
        "<script>var a = 'Script words.';</script><style>p { color: red }</style>"
        "<noscript>Turn on your scripts please.</noscript><template><p>Mould words.</p></template>"
        '<p hidden>Hidden words stand here.</p><p style="display: none">Words not shown here.</p>'
        '<p>See the map <span class="sr-only">opens in a new window</span>below.</p>' + BODY
    )
    assert story.body.startswith("See the map below.")
    for word in ("Script", "color", "Turn on", "Mould", "Hidden", "not shown", "new window"):
        assert word not in story.body


def test_words_cut_down_to_nothing_are_read_aloud_only():
    hidden = "<span style='clip:rect(0, 0, 0, 0);position:absolute'>, opens new tab</span>"
    shown = "<span style='clip:auto'> since May</span>"
    story = page(f"<p>The yard <a href=/y>(YRD.N){hidden}</a>{shown} had lost money.</p>{BODY}")
    assert story.body == f"The yard (YRD.N) since May had lost money.\n\n{TEXT}"


def test_counts_of_applause_between_headline_and_story_go():
    assert page(f"<div>1.2K</div><div>3</div>{BODY}<p>40</p>{BODY}").body == (
        f"{TEXT}\n\n40\n\n{TEXT}"
    )
    assert page(f"<p>1953</p>{BODY}").body == f"1953\n\n{TEXT}"


def test_a_lead_in_a_box_called_teaser_is_kept():
    story = page(f'<div class="teaser-text">{BODY}</div><div class="rest">{BODY}</div>')
    assert story.body.startswith(STORY[0])


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (
            "<figure><img src=a.jpg><figcaption>Boats lie in the rain.</figcaption></figure>",
            "Boats",
        ),
        (
            '<p class="photo"><img src=a.jpg><span class="credit">(Photo: Lo Quill)</span></p>',
            "Quill",
        ),
        ("<p>The pier in the rain. (Photo: Lo Quill, Courier Pictures)</p>", "Quill"),
        ("<p>Getty Images</p>", "Getty"),
    ],
)
def test_captions_and_credits_are_left_out_and_named(markup, words):
    story = page(BODY[: len(BODY) // 2] + markup + BODY)
    assert words not in story.body
    assert words in removed(story).get("caption or credit", "") + removed(story).get("caption", "")


@pytest.mark.parametrize(
    "markup",
    [
        "<div><h3>Related stories</h3><ul><li><a href=/a>Night buses return</a></li></ul></div>",
        '<p><strong>Read more: </strong><a href="/a">Night buses return to town</a></p>',
        '<section class="more-from-us"><h2>Most read</h2><p><a href=/a>Night buses return</a></p>'
        "<p>The night buses come back after a year, the transit agency says.</p></section>",
        '<div class="newsletter-signup"><p>Night buses in your inbox every morning.</p></div>',
        "<div><h3>Sign up for our newsletter</h3><p>Night buses and more, every morning.</p></div>",
        '<div id="comments"><h3>3 comments</h3><p>Night buses are what we need.</p></div>',
        "<aside><p>Night buses return to the town after a year, the agency says today.</p></aside>",
        '<div class="share-bar"><a href=#>Night buses</a> <a href=#>Tweet</a></div>',
    ],
)
def test_what_stands_around_the_story_is_left_out(markup):
    story = page(BODY + markup)
    assert story.body == TEXT
    assert "Night buses" in "".join(removal.text for removal in story.removed)


def test_a_story_about_cookies_and_subscriptions_keeps_its_words():
    words = (
        "The regulator fined the site for its cookie notice, which it said had hidden the way out.",
        "“You can cancel anytime, they told us, and then we could not,” said a subscriber.",
    )
    story = page(BODY + "".join(f"<p>{line}</p>" for line in words))
    assert all(line in story.body for line in words)


@pytest.mark.parametrize(
    "line",
    [
        "The county hopes to become a member of the union before the summer.",
        "The treaty gives the boats unlimited access to the northern bank until 2030.",
        "Either side can cancel at any time, and the money goes back to the town.",
        "The town's daily newsletter began in 1911, when the pier was built.",
        "Subscribers only got their papers at noon, since the pier was closed.",
        "Es war schon Kunde aus dem Tal gekommen, ehe der Damm brach.",
    ],
)
def test_news_of_members_access_and_letters_is_no_offer(line):
    assert line in page(f"<p>{line}</p>{BODY}").body


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Get unlimited access to every story for 3 crowns a week. Cancel whenever you like.</p>",
        "<p>Already a subscriber? The way in is at the top.</p>",
        "<p>This story is for subscribers only.</p>",
        "<p>To read on, become a member of the Post. It costs less than your coffee.</p>",
        "<h3>Unlimited digital access</h3>",
        "<p>Subscribers get unlimited access to all stories of the Post.</p>",
        "<p>All of the Post, with unlimited access, is 3 crowns, or €1 a week.</p>",
        "<p>Cet article est réservé aux abonnés.</p>",
        "<p>Regístrate gratis para seguir leyendo.</p>",
    ],
)
def test_offers_to_the_reader_go(markup):
    story = page(BODY + markup)
    assert story.body == TEXT
    assert "subscription offer" in removed(story)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{0}</p><p class=paywall>{1}</p><p class=paywall>{2}</p><p class=paywall>{3}</p>",
        "<div class=newsletter-part><h2>The pier</h2><p>{0}</p><p>{1}</p></div>"
        "<div class=newsletter-part><h2>The boats</h2><p>{2}</p><p>{3}</p></div>",
        '<div class="part social-affairs"><p>{0}</p><p>{1}</p></div>'
        "<div class=part><p>{2}</p><p>{3}</p>" + 2 * f"<p>{STORY[0]}</p>" + "</div>",
        "<p>{0}</p><p>{1}</p><div class=read-more-content><p>{2}</p><p>{3}</p></div>",
        '<div class="content comment"><p>{0}</p><p>{1}</p><p>{2}</p><p>{3}</p></div>',
        '<div class="post-7 tag-gdpr"><p>{0}</p><p>{1}</p></div><p>{2}</p><p>{3}</p>',
    ],
)
def test_the_story_stays_in_boxes_whose_names_say_something_else(markup):
    # Long enough that each paragraph is prose and no teaser.
    lines = [f"{line} Nobody on the quay had thought it possible." for line in STORY]
    story = page(markup.format(*lines))
    assert all(line in story.body for line in lines)


LONG = "The harbour office counts how many people write to it, and it has never been so many."


@pytest.mark.parametrize(
    "section",
    [
        f'<section id="social-media"><h2>Social media</h2><p>{LONG}</p></section>',
        f'<section id="comments-on-the-plan"><h2>Comments on the plan</h2><p>{LONG}</p></section>',
        f'<h2 id="related-work">Related work</h2><p>{LONG}</p>',
        f'<h2><span id="Market_share">Market share</span></h2><p>{LONG}</p>',
        f'<p class="market-share">{LONG}</p>',
    ],
)
def test_names_that_say_what_a_section_is_about_take_nothing_away(section):
    headed = section.split("</h2>")[0].removesuffix("</span>").rpartition(">")[2] + "\n\n"
    heading = headed if "<h2" in section else ""
    story = page(BODY + section + f"<p>{STORY[0]}</p>")
    assert story.body == f"{TEXT}\n\n{heading}{LONG}\n\n{STORY[0]}"


@pytest.mark.parametrize(
    "section",
    [
        '<section id="social"><h2>Social</h2><p><a href=/f>Our harbour page on Facebook</a></p>'
        "<p><a href=/i>Our pictures of ships on Instagram</a></p></section>",
        f'<section id="comments"><h2>2 comments</h2><p>{LONG}</p><p>Well said!</p></section>',
        f'<section id="newsletter"><h2>Newsletter</h2><p>{LONG}</p><form><input></form></section>',
        '<p class="social-share">Share this story with your friends on Facebook and Twitter</p>',
        f'<div class="share-box"><p>Tell your friends. {LONG}</p></div>',
        f'<div class="social"><p>{LONG}</p></div>',
        f'<div id="comments"><h3>Comments</h3><div><b>Ada:</b><p>{LONG}</p></div></div>',
        f'<div id="about-the-author"><h3>About the author</h3><p>{LONG}</p></div>',
        f'<div id="sponsored"><h3>Sponsored</h3><p>{LONG}</p></div>',
    ],
)
def test_boxes_of_links_comments_and_forms_go_by_their_ids(section):
    assert page(BODY + section).body == TEXT


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="related-item"><h4><a href=/a>Night buses return</a></h4><p>Night buses come '
        "back to the town after a year without them, the transit agency says today.</p></div>" * 4,
        '<div class="paywall"><p>Night buses and more: your subscription brings all the news of '
        "the town to you, for the price of a coffee.</p><p>Night buses are what our reporters "
        "write about, and we need your help so that they can go on.</p></div>",
        '<div id="comments"><div class="comment"><p>Night buses are what we need in this town, '
        "said my neighbour, and I say it again every day.</p></div></div>" * 5,
        '<div class="cookie-consent"><p>Night buses and our partners store information on your '
        "device, so that the page can be paid for.</p><button>Accept</button></div>",
    ],
)
def test_boxes_go_by_their_names_where_the_story_stands_elsewhere(markup):
    story = page(BODY + markup)
    assert story.body == TEXT
    assert "Night buses" in "".join(removal.text for removal in story.removed)


@pytest.mark.parametrize(
    "heading",
    [
        "Discussion", "Response", "Comments", "Promoted to captain", "Related crimes",
        "More in the bank than in the boats", "More about the pier", "Recommended by the board",
        "Privacy on the pier", "Consent and the law", "Mehr von der Stadt", "Más sobre el puerto",
    ],
)  # fmt: skip
def test_a_section_of_the_story_stays_whatever_its_heading_begins_with(heading):
    boxed = f"<section><h2>{heading}</h2><p>{STORY[2]}</p><p>{STORY[3]}</p></section>"
    story = page(f"<p>{STORY[0]}</p><p>{STORY[1]}</p>{boxed}")
    assert story.body == "\n\n".join([*STORY[:2], heading, *STORY[2:]])
    free = f"<h2>{heading}</h2><p>{STORY[2]}</p><p>{STORY[3]}</p>"
    assert page(f"<p>{STORY[0]}</p><p>{STORY[1]}</p>{free}").body == story.body


@pytest.mark.parametrize(
    "markup",
    [
        "<div><h2>Promoted</h2><p><a href=/a>Night buses return</a></p></div>",
        "<section><h2>More from the Post</h2><h3><a href=/a>Night buses return</a></h3>"
        "<p>The night buses come back after a year, the transit agency says.</p></section>",
        "<section><h2>More in Transport</h2><p>Night buses return</p></section>",
        "<section><h2>Comments</h2><p>Oda K.</p><p>3 May at noon</p>"
        "<p>Night buses are what this town needs most of all.</p></section>",
        "<section><h2>Discussion</h2><p>Oda, today</p>" + "<p>Night buses are what this town needs "
        "most of all, and I say so every day.</p>" * 3 + "</section>",
        "<section><h2>3 responses</h2><p>Night buses are what this town needs most of all.</p>"
        "</section>",
        "<div><h2>Your privacy</h2><p>Night buses and our partners: these cookies measure how many "
        "people read the page.</p></div>",
    ],
)
def test_boxes_under_such_headings_go(markup):
    story = page(BODY + markup)
    assert story.body == TEXT
    assert "Night buses" in "".join(removal.text for removal in story.removed)


def test_lines_that_begin_like_a_byline_or_are_a_date_of_a_timeline_stay():
    verse = "<p>By brooks too broad for leaping<br>the lightfoot boats are laid</p>"
    dates = "12 June 2023", "5 March 2024"
    entries = "".join(
        f"<p><strong>{date}</strong></p><p>{line}</p>"
        for date, line in zip(dates, STORY[1:3], strict=True)
    )
    story = page(f"<p>2 January 2025</p><p>{STORY[0]}</p>{verse}{entries}<p>{STORY[3]}</p>")
    assert "By brooks too broad for leaping the lightfoot boats are laid" in story.body
    assert all(f"{date}\n\n" in story.body for date in dates)
    assert "2025" not in story.body


def test_a_sentence_that_ends_with_the_time_of_day_stays():
    line = "The wardens say that the gates open on May 7, 2024 at 9 a.m."
    story = page(f"<p>{line}</p>{BODY}")
    assert (story.body, story.published) == (f"{line}\n\n{TEXT}", "")


@pytest.mark.parametrize("line", ["By our own correspondent", "by Ilse Bramwick", "Updated 5 May"])
def test_bylines_without_a_known_name_go(line):
    assert page(f"<p>{line}</p>{BODY}").body == TEXT


def test_the_date_between_lead_and_story_goes():
    story = page(f"<p>{STORY[0]}</p><p>By Ilse Bramwick</p><p>5 March 2024</p>{BODY}")
    assert "2024" not in story.body
    assert story.published == "2024-03-05"


def test_a_stub_behind_a_paywall_is_its_two_sentences():
    story = read_webpage(
        '<html lang="en"><body><div role="dialog" class="overlay"><h2>We value your privacy</h2>'
        + "<p>We and our partners store information on a device, such as cookies, and process it "
        "to measure audiences. You may accept or manage your choices at any time.</p>"
        * 4
        + f"</div><article><h1>Rate held</h1><div><p>{STORY[0]}</p><p>{STORY[1]}</p></div>"
        "<div><h3>Continue reading with a subscription</h3><p>Get unlimited access to every story "
        "for 3 crowns a week. Cancel whenever you like.</p><ul><li>Daily crossword</li></ul></div>"
        "</article></body></html>"
    )
    assert story.body == f"{STORY[0]}\n\n{STORY[1]}"
    assert "partners" in removed(story)["cookie notice"] + removed(story).get("related link", "")
    assert "crossword" in removed(story)["subscription offer"]


def test_the_whole_story_in_the_data_replaces_the_beginning_that_the_page_shows():
    data = ld('{"@type": "NewsArticle", "articleBody": "' + " ".join(STORY) + '"}')
    shown = "".join(f"<p>{paragraph}</p>" for paragraph in STORY[:2])
    wall = '<div class="paywall"><p>To continue reading, subscribe now.</p></div>'
    assert page(shown + wall, head=data).body == " ".join(STORY)
    assert page(shown.replace(".</p>", " …</p>"), head=data).body == " ".join(STORY)
    offer = '<div class="newsletter"><p>Subscribe to our newsletter for boats.</p></div>'
    for whole in (shown, shown + offer):
        assert page(whole, head=data).body == "\n\n".join(STORY[:2])
    assert page(f"<p>{STORY[1]}</p><p>{STORY[0]}</p>" * 2, head=data).body.startswith(STORY[1])


@pytest.mark.parametrize(
    "box", ["template shadowrootmode=open", "template shadowroot=open", "noscript"]
)
def test_a_story_in_a_box_without_a_picture_of_its_own_is_read(box):
    end = box.split()[0]
    story = read_webpage(f"<body><div></div><{box}><article>{BODY}</article></{end}></body>")
    assert story.body == TEXT
    closed = f"<{end}><p>{STORY[0]} {STORY[1]}</p></{end}>"
    assert read_webpage(f"<body><article>{BODY}</article>{closed}</body>").body == TEXT


@pytest.mark.parametrize("host", ["gazette-comments", "site-newsletter", "main-menu"])
def test_a_shadow_tree_of_furniture_stays_closed(host):
    inner = f"<template shadowrootmode=open><p>{LONG}</p><p>{LONG[4:]}</p></template>"
    assert page(f"{BODY}<{host}>{inner}</{host}>").body == TEXT
    told = f"{BODY}<story-part>{inner}</story-part>{BODY}"
    assert LONG in page(told).body


def test_what_a_page_says_without_scripts_is_no_story():
    notice = (
        "<noscript><p>JavaScript is turned off in your browser, and this page cannot be shown "
        "without it. Turn it on in the settings and load the page again, please, or write to us "
        "and we shall help.</p><p>Extensions that block advertisements may be the reason: allow "
        "this page in their settings, or use a browser that has none.</p></noscript>"
    )
    with pytest.raises(ArticleError):
        read_webpage(f"<body><div id=root></div>{notice}</body>")
    head = ld('{"@type": "NewsArticle", "articleBody": "' + " ".join(STORY) + '"}')
    assert read_webpage(f"<head>{head}</head><body>{notice}</body>").body == " ".join(STORY)


def test_headline_author_and_date_on_lines_of_one_cell():
    head = "<b>Old pier to be mended</b><br><i>By Ida Loft, Staff Writer</i><br>May 3, 2003"
    verse = "<p>The boats lie still<br>By Ida's lamp<br>until the tide is in.</p>"
    cell = f"<td>{head}<br><br>{'<br><br>'.join(STORY)}</td>"
    story = read_webpage(f"<title>Old pier to be mended</title><body><table><tr>{cell}</table>")
    assert (story.author, story.published, story.body) == ("Ida Loft", "2003-05-03", TEXT)
    assert "The boats lie still By Ida's lamp until the tide is in." in page(BODY + verse).body


@pytest.mark.parametrize(
    "lines",
    [
        "<strong>May 3, 1911</strong><br>The pier is opened by the king.",
        "2023-05-03<br>The council votes for the pier.",
        "May 3, 2023<br>Osk 3, Vell 1<br>May 10, 2023<br>Vell 2, Pell 2",
        "The Long Night<br>By Tom Reed<br>2023, 97 minutes",
        "June 9, 1953, 4 p.m.",
    ],
)
def test_dates_and_names_on_lines_of_the_story_stay(lines):
    text = re.sub("<[^>]+>", "", lines.replace("<br>", " "))
    assert page(f"{BODY}<p>{lines}</p>{BODY}").body == f"{TEXT}\n\n{text}\n\n{TEXT}"
    if "<br>" in lines:
        assert text in page(f"<h1>The pier</h1><p>{lines}</p>{BODY}").body


def test_a_page_filled_by_a_script_gives_the_text_of_its_data():
    text = " ".join(STORY)
    head = ld(f'{{"@type": "NewsArticle", "headline": "Old pier", "articleBody": "{text}"}}')
    story = read_webpage(f"<html><head>{head}</head><body><div id=app></div></body></html>")
    assert story.body == text
    assert dict(story.origins)["body"] == "JSON-LD articleBody"


@pytest.mark.parametrize("data", [b"", "", "   ", "<html><body></body></html>", "\x00\x01"])
def test_nothing_readable_is_an_error_that_says_what_to_do(data):
    with pytest.raises(ArticleError, match=r"tide\.html: no article text.*save it again"):
        read_webpage(data, name="tide.html")


# Decoding and markup of all kinds


def test_windows_quotation_marks_under_a_latin1_label_survive():
    text = BODY.replace("Work", "“Work” – at €900 –")
    data = f'<html><head><meta charset="iso-8859-1"></head><body>{text}</body></html>'
    assert "“Work” – at €900 – begins" in read_webpage(data.encode("cp1252")).body


def test_xhtml_with_declaration_and_cdata():
    story = read_webpage(
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xml:lang="sv"><body><p><![CDATA[Boats < ships, said the keeper of the lamp.]]>'
        f"</p>{BODY}</body></html>".encode()
    )
    assert story.body.startswith("Boats < ships, said the keeper")


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "a"])
def test_twenty_thousand_nested_elements_are_read_in_time(tag):
    closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    start = time.monotonic()
    story = read_webpage(f"<html><body>{f'<{tag}>' * 20_000}{BODY}{closing * 20_000}</body></html>")
    assert story.body.startswith(STORY[0])
    assert time.monotonic() - start < 30


def test_twenty_thousand_siblings_are_read_in_time():
    start = time.monotonic()
    story = read_webpage("<article><p>" + "<b>x</b> " * 20_000 + f"</p>{BODY}</article>")
    assert STORY[0] in story.body
    assert time.monotonic() - start < 30


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<table>", "<td>", "<li>", "<br>", "<a href='", ">",
             "<h1>", "word ", "The end came. ", "&#x0;", "<!--", "-->", "<script>", "</script>",
             "<![CDATA[", "]]>", "<svg>", "<o:p>", "<pre>", "\n\n", "<q>"]
        ),
        max_size=80,
    )
)  # fmt: skip
def test_broken_markup_gives_a_story_or_the_error(parts):
    try:
        story = read_webpage("".join(parts))
    except ArticleError:
        return
    assert story.body
    assert all(paragraph.strip() for paragraph in story.body.split("\n\n"))
    offsets = [place.offset for place in story.places]
    assert offsets == sorted(offsets)
    assert all(offset < len(story.body) for offset in offsets)


# The headline


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Old pier to be mended - The Brackwater Post", "Old pier to be mended"),
        ("The Brackwater Post | Old pier to be mended", "Old pier to be mended"),
        ("Pier – what we know – and what we don&amp;#8217;t - The Brackwater Post",
         "Pier – what we know – and what we don’t"),
        ("Brackwater: old pier to be mended", "Brackwater: old pier to be mended"),
    ],
)  # fmt: skip
def test_title_loses_the_outlet_and_nothing_else(title, expected):
    story = read_webpage(
        f'<html><head><title>{title}</title><meta property="og:site_name" '
        f'content="The Brackwater Post"></head><body>{BODY}</body></html>'
    )
    assert (story.title, story.source) == (expected, "The Brackwater Post")


@pytest.mark.parametrize(
    "heading",
    [
        "Old pier<br>to be mended",
        "<div>Old pier</div><div>to be mended</div>",
        "<span>Old pier</span><span>to be mended</span>",
        "<span>O</span><span>ld pier to be mended</span>",
        "Old p<x-term>ie</x-term>r to be mended",
        "Old p<svg><path></path></svg>ier to be mended",
    ],
)
def test_lines_of_a_headline_are_words_apart(heading):
    story = read_webpage(f"<body><main><h1>{heading}</h1>{BODY}</main></body>")
    assert (story.title, story.body) == ("Old pier to be mended", TEXT)


@pytest.mark.parametrize(
    "lines",
    [
        ("Old pier mended", ", mayor says"), ("Old pier", "’s end is near"),
        ("Old pier (", "Vell side) mended"), ("The O", "ld pier is mended"),
        ("Price of 10", "% more for boats"), ("“Pier closed", "” sign goes up"),
    ],
)  # fmt: skip
def test_spans_that_go_on_in_a_word_or_a_stop_are_one_line(lines):
    heading = "".join(f"<span>{line}</span>" for line in lines)
    assert read_webpage(f"<main><h1>{heading}</h1>{BODY}</main>").title == "".join(lines)


def test_the_headline_is_neither_the_logo_nor_one_post_of_a_live_blog():
    story = read_webpage(
        "<html><head><title>Flood in Brackwater: live - Post</title></head><body>"
        '<header><h1 class="logo"><a href="/">The Brackwater Post</a></h1></header>'
        "<article><h1>Flood in Brackwater: live</h1>"
        f"<div><h2>Bridge closed at noon</h2>{BODY}</div><div><h2>Water rises</h2>{BODY}</div>"
        "</article></body></html>"
    )
    assert story.title == "Flood in Brackwater: live"
    assert story.body.index("Bridge closed at noon") < story.body.index("Water rises")


# The byline


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('{"@type": "Person", "name": "Ilse Bramwick", "jobTitle": "Reporter"}', "Ilse Bramwick"),
        ('[{"name": "Ilse Bramwick"}, {"name": "Yun Castell"}]', "Ilse Bramwick; Yun Castell"),
        ('{"givenName": "Ilse", "familyName": "Bramwick"}', "Ilse Bramwick"),
        ('"By Ilse Bramwick and Yun Castell"', "Ilse Bramwick; Yun Castell"),
        ('{"name": "Ilse Bramwick, Yun Castell and Teo Malk"}',
         "Ilse Bramwick; Yun Castell; Teo Malk"),
        ('{"name": "Post Staff"}', ""),
        ('"@ibramwick"', ""),
        ('{"name": "The Brackwater Post"}', ""),
        ('"https://post.example/people/ilse"', ""),
        ('{"@id": "#ilse"}', "Ilse Bramwick"),
    ],
)  # fmt: skip
def test_authors_of_the_data_are_people(author, expected):
    story = page(
        head=ld(
            '{"@graph": [{"@type": "NewsArticle", "headline": "Old pier to be mended", "author": '
            + author
            + ', "publisher": {"name": "The Brackwater Post"},},'
            ' {"@type": "Person", "@id": "#ilse", "name": "Ilse Bramwick"}]}'
        )
    )
    assert story.author == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<div class="byline">By <a rel="author" href="/i">Ilse Bramwick</a></div>',
            "Ilse Bramwick",
        ),
        ('<p class="author">Ilse Bramwick, Senior Transport Reporter</p>', "Ilse Bramwick"),
        (
            "<p>Por Jacirema Taquarral Nunes — publicado em 05/03/2022</p>",
            "Jacirema Taquarral Nunes",
        ),
        ("<p>Von Ilse Bramwick und Teo Malk</p>", "Ilse Bramwick; Teo Malk"),
        ('<p class="author">Follow @ibramwick</p>', ""),
        ('<p class="byline">Ilse Bramwick, February 4, 2025</p>', "Ilse Bramwick"),
        ("<p>By Ilse Bramwick, Tuesday, Feb. 4, 2025</p>", "Ilse Bramwick"),
        ("<p>Von Ilse Bramwick, Dienstag, 4. Februar 2025</p>", "Ilse Bramwick"),
        ("<p>Text size</p>", ""),
    ],
)
def test_authors_as_printed(markup, expected):
    story = page(markup + BODY)
    assert story.author == expected
    assert story.body == TEXT or not expected


def test_bylines_of_other_stories_are_not_the_author():
    story = page(
        BODY + '<aside class="river"><a rel="author" href="/t">Teo Malk</a>'
        '<p class="byline">By Yun Castell</p></aside>'
    )
    assert story.author == ""


def test_a_meta_author_that_is_a_job_title_gives_way():
    story = page(
        '<p class="byline">By Ilse Bramwick</p>' + BODY,
        head='<meta name="author" content="Senior Transport Reporter">',
    )
    assert (story.author, dict(story.origins)["author"]) == ("Ilse Bramwick", "byline by its class")


# The date


def test_publication_is_wanted_not_the_update():
    story = page(
        head='<meta property="article:modified_time" content="2024-05-09T10:00:00Z">'
        '<meta property="article:published_time" content="2024-05-07T10:00:00+02:00">'
    )
    assert story.published == "2024-05-07T10:00:00+02:00"


@pytest.mark.parametrize(
    ("lang", "markup", "expected"),
    [
        ("pt-BR", "<p>Publicado em 05/03/2022 às 18h40</p>", "2022-03-05T18:40:00"),
        ("en", "<p>Published 05/03/2022</p>", "2022-05-03"),
        ("en-GB", "<p>Published 05/03/2022</p>", "2022-03-05"),
        ("en", "<p>Updated May 9, 2024. Published May 7, 2024</p>", "2024-05-07"),
        ("en", '<time datetime="2024-05-07T10:00Z">May 7</time>', "2024-05-07T10:00:00+00:00"),
        ("de", "<p>Von Ilse Bramwick, 7. Mai 2024</p>", "2024-05-07"),
        ("en", "<div>Tuesday, May 7, 2024 at 3:10 a.m.</div>", "2024-05-07T03:10:00"),
        ("en", "<p>By Ilse Bramwick on May 7, 2024 3:10 p.m.</p>", "2024-05-07T15:10:00"),
        (
            "en",
            "<p>Updated: May 9, 2024, 9:00 a.m. | Published: May 7, 2024, 3:10 a.m.</p>",
            "2024-05-07T03:10:00",
        ),
        (
            "en",
            "<p>First posted 7 May 2024 at 3:10am, updated 9 May</p>",
            "2024-05-07T03:10:00",
        ),
        ("en", "<p>07.05.2024, 03:10</p>", "2024-05-07T03:10:00"),
        ("en", "<p>5/7/24</p>", "2024-05-07"),
    ],
)
def test_dates_as_printed(lang, markup, expected):
    assert page(markup + BODY, lang=lang).published == expected


def test_no_date_is_invented():
    story = read_webpage(
        "<html lang=en><body><header><time>Wednesday, 25 November 2026</time></header>"
        f"<article><h1>Old pier to be mended</h1>{BODY}"
        '<p>It was <a href="/archive/2009/05/04/tolls">built in 2009</a>.</p></article>'
        "<aside><time datetime=2024-01-02>2 January</time></aside>"
        "<footer><p>© 2010-2024 The Brackwater Post</p></footer></body></html>"
    )
    assert story.published == ""


# The address and the outlet


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://post.example/pier">'
         '<meta property="og:url" content="https://post.example/">', "https://post.example/pier"),
        ('<link rel="canonical" href="https://post.example/">'
         '<meta property="og:url" content="https://post.example/pier">', "https://post.example/pier"),
        ('<link rel="canonical" href="/pier"><meta property="og:url" '
         'content="https://post.example/amp/pier">', "https://post.example/pier"),
        ('<link rel="canonical" href="file:///home/me/pier.html">', ""),
        ("<!-- saved from url=(0025)https://post.example/pier -->", "https://post.example/pier"),
    ],
)  # fmt: skip
def test_address_is_the_storys_own(head, expected):
    assert page(head=head).url == expected


def test_outlet_comes_from_the_title_when_the_foot_repeats_it():
    story = read_webpage(
        "<html><head><title>Old pier to be mended | Brackwater Post</title></head><body>"
        f"<h1>Old pier to be mended</h1>{BODY}<footer>© 2024 Brackwater Post</footer></body></html>"
    )
    assert (story.source, story.title) == ("Brackwater Post", "Old pier to be mended")


def test_language_has_two_letters():
    assert page(lang="pt-BR").language == "pt"
    assert page(lang="").language == ""


@pytest.mark.parametrize(
    "markup",
    [
        f"<title>{'word - ' * 50_000}</title>",
        "<h1>word and word</h1>" * 20_000,
        f"<script type='application/ld+json'>{'[' * 100_000}</script>",
        f"<p>{' ' * 3_000_000}</p>",
    ],
)
def test_huge_pieces_do_not_hang(markup):
    start = time.monotonic()
    assert read_webpage(markup + BODY).body.endswith(STORY[-1])
    assert time.monotonic() - start < 30


def test_short_headings_and_items_inside_the_story_are_kept():
    story = read_webpage(
        "<html><body><h1>5 piers</h1><p>Some piers are worth more than the boats they hold.</p>"
        "<h2>1. The stone pier</h2><p>Closed until May, so hurry.</p>"
        "<h2>2. The goose pier</h2><p>Geese go first.</p>"
        "<ul><li>Bicycles may cross.</li><li>Dogs may not.</li></ul></body></html>"
    )
    assert story.body == (
        "Some piers are worth more than the boats they hold.\n\n1. The stone pier\n\n"
        "Closed until May, so hurry.\n\n2. The goose pier\n\nGeese go first.\n\n"
        "- Bicycles may cross.\n- Dogs may not."
    )


def test_short_items_under_the_end_of_the_text_stay_where_they_tell_something():
    for items, end in (
        (("1903: built", "1931: fire"), "\n\n- 1903: built\n- 1931: fire"),
        (("Harbours", "Old piers"), ""),
    ):
        markup = BODY + "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        story = read_webpage(f"<div class=out><h1>Old pier to be mended</h1>{markup}</div>")
        assert story.body == TEXT + end


@pytest.mark.parametrize(
    "given, kept",
    [
        ("<ul><li>Cedar Street</li><li>Mill Road</li></ul>", "- Cedar Street\n- Mill Road"),
        ("<ul><li>1903: built</li><li>1931: fire</li></ul>", "- 1903: built\n- 1931: fire"),
        (
            "<p>These piers will close:</p><ul><li><a href=/n>North</a></li>"
            "<li><a href=/s>South Mole</a></li></ul>",
            "These piers will close:\n\n- North\n- South Mole",
        ),
        ("<ul><li><a href=/n>Council sells its ferry to the navy</a></li></ul>", ""),
        (
            "<p>Our reporters also wrote:</p>"
            "<ul><li><a href=/n>Council sells its ferry to the navy</a></li></ul>",
            "Our reporters also wrote:",
        ),
        ("<ul><li>Facebook</li><li>E-Mail</li></ul>", ""),
        (
            "<p>Topics in this story:</p><ul><li><a href=/h>Harbours</a></li></ul>",
            "Topics in this story:",
        ),
    ],
)
def test_lists_inside_the_text_stay_without_full_stops_unless_they_are_links(given, kept):
    markup = f"<h1>Old pier to be mended</h1>{BODY}{given}<p>{STORY[0]}</p>"
    story = read_webpage(f"<title>Old pier to be mended</title><div class=out>{markup}</div>")
    middle = f"\n\n{kept}" if kept else ""
    assert story.body == f"{TEXT}{middle}\n\n{STORY[0]}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ilse Bramwick | 4 February 2025", ("Ilse Bramwick", "", "2025-02-04")),
        ("The Pell Courier, February 4, 2025", ("", "The Pell Courier", "2025-02-04")),
    ],
)
def test_a_line_by_the_headline_names_author_or_outlet(line, expected):
    story = page(f"<p>{line}</p>{BODY}")
    assert (story.author, story.source, story.published) == expected
    assert story.body == TEXT


def test_the_end_of_the_title_that_sounds_like_an_outlet_is_one():
    assert page(title="Old pier to be mended – Pell Courier").source == "Pell Courier"
    assert page(title="Old pier to be mended – Harbour").source == ""


@pytest.mark.parametrize(
    ("title", "masthead", "foot"),
    [
        ("Pell Courier - Old pier to be mended", "", "Copyright 1998 Pell Courier"),
        ("Old pier to be mended - Pell Courier", "", ""),
        ("Old pier to be mended - Harbour", "Harbour", ""),
        ("Old pier to be mended - Harbour", "", "© 2024 Harbour"),
    ],
)
def test_headline_and_outlet_of_a_page_without_headings_are_not_swapped(title, masthead, foot):
    story = read_webpage(
        f"<html><head><title>{title}</title></head><body><div>{masthead}</div>"
        f"<div><b>Old pier to be mended</b></div>{BODY}<div>{foot}</div></body></html>"
    )
    assert story.title == "Old pier to be mended"
    assert story.source == title.replace("Old pier to be mended", "").strip(" -")


def test_a_headline_on_the_page_is_no_outlet_where_the_outlet_is_not_known():
    story = read_webpage(
        "<html><head><title>Old pier to be mended - Harbour</title></head><body>"
        f"<div>Old pier to be mended</div>{BODY}</body></html>"
    )
    assert (story.title[:21], story.source) == ("Old pier to be mended", "")


def test_a_link_to_a_person_in_the_byline_is_the_author():
    markup = '<div class="byline-wrapper"><a href="/@ilse">Ilse Bramwick</a><div>Feb 4</div></div>'
    assert page(markup + BODY).author == "Ilse Bramwick"


def test_a_paragraph_of_forty_thousand_lines_is_read_in_time():
    start = time.process_time()
    read_webpage("<h1>Pier</h1>" + BODY + "<p>" + "a<br>" * 40_000 + "</p>")
    assert time.process_time() - start < 30
