"""Feeds: the whole text of each entry, without what the blog software adds."""

import contextlib
import socket
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askarticles.datatypes import Problem, Story
from askarticles.errors import ArticleError
from askarticles.reading.feeds import read_feed


def rss(*items, head="<title>Fjord Weekly</title><language>en</language>", encoding="UTF-8"):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"{head}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )
    return text.encode(encoding)


def content(html):
    return f"<content:encoded><![CDATA[{html}]]></content:encoded>"


def one(data):
    (story,) = read_feed(data)
    assert isinstance(story, Story)
    return story


FULL = content("<p>The ferry sank at the quay.</p><p>Nobody was aboard, they said.</p>")
TEASER = "<description>The ferry sank at the quay. [&amp;#8230;]</description>"


@pytest.mark.parametrize("parts", [(FULL, TEASER), (TEASER, FULL)])
def test_the_full_text_wins_in_either_order(parts):
    story = one(rss("<title>Ferry sinks</title>" + "".join(parts)))
    assert story.body == "The ferry sank at the quay.\n\nNobody was aboard, they said."


def test_what_is_about_an_entry_is_found():
    story = one(
        rss(
            "<title>Bridge &amp;#8220;safe&amp;#8221; &amp;amp; open</title>"
            "<link>https://fjord.example/bridge</link><dc:creator>Ylva Storeng</dc:creator>"
            "<pubDate>Tue, 03 Mar 2020 08:15:00 +0100</pubDate>"
            "<description>It is open.</description>"
        )
    )
    assert story.title == "Bridge “safe” & open"
    assert story.url == "https://fjord.example/bridge"
    assert story.author == "Ylva Storeng"
    assert story.published == "2020-03-03T08:15:00+01:00"
    assert story.source == "Fjord Weekly"
    assert story.language == "en"
    assert story.places[0].label == "item 1"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("<author>ed@dale.example (Ida Roth)</author>", "Ida Roth"),
        ("<author>Ida Roth &lt;ed@dale.example&gt;</author>", "Ida Roth"),
        ("<author>ed@dale.example</author>", ""),
        ("<dc:creator>Ida Roth (Dale)</dc:creator>", "Ida Roth (Dale)"),
    ],
)
def test_addresses_are_no_names(author, name):
    assert one(rss(f"{author}<description>It is open.</description>")).author == name


def test_atom_entries_are_read():
    story = one(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nb"><title>Dale Post</title><entry>'
        b'<title type="html">New &amp;lt;i&amp;gt;Aurora&amp;lt;/i&amp;gt; sails</title>'
        b"<author><name>Odd Lien</name></author><author><name>Siv Moe</name></author>"
        b'<link href="https://dale.example/1"/><updated>2021-05-06T07:08:09Z</updated>'
        b'<summary>Short.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        b"<p>She sails on <b>Mon</b>day.</p><ul><li>Cabin 1</li><li>Cabin 2</li></ul></div>"
        b"</content></entry></feed>"
    )
    assert story.title == "New Aurora sails"
    assert story.author == "Odd Lien; Siv Moe"
    assert story.published == "2021-05-06T07:08:09+00:00"
    assert story.body == "She sails on Monday.\n\nCabin 1\nCabin 2"
    assert story.url == "https://dale.example/1"


@pytest.mark.parametrize(
    "line",
    [
        'The post <a href="/x">Ferry sinks</a> appeared first on <a href="/">Fjord Weekly</a>.',
        "Der Beitrag Ferry sinks erschien zuerst auf Fjord Weekly.",
        "L’article Ferry sinks est apparu en premier sur Fjord Weekly.",
        "La entrada Ferry sinks se publicó primero en Fjord Weekly.",
        "O post Ferry sinks apareceu primeiro em Fjord Weekly.",
        "L'articolo Ferry sinks proviene da Fjord Weekly.",
    ],
)
def test_the_line_of_the_blog_software_is_left_out(line):
    html = f"<p>The ferry sank.</p><p>{line}</p>"
    story = one(rss("<title>Ferry sinks</title>" + content(html)))
    assert story.body == "The ferry sank."
    assert "Ferry sinks" in story.removed[0].text


def test_a_sentence_that_only_sounds_like_it_stays():
    text = "The post that the guard held first appeared on no map. It appeared first on a sketch."
    assert one(rss("<title>Old fort</title>" + content(f"<p>{text}</p>"))).body == text


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        (" [&#8230;]", "The ferry sank at"),
        (" [...]", "The ferry sank at"),
        ("&#8230; <a>Read more</a>", "The ferry sank at"),
        ("</p><p><a>Continue reading &#8220;Ferry sinks&#8221;</a>", "The ferry sank at"),
        ("</p><p>Weiterlesen →", "The ferry sank at"),
    ],
)
def test_the_mark_of_a_teaser_is_left_out_and_recorded(end, kept):
    story = one(rss(f"<description><![CDATA[<p>The ferry sank at{end}</p>]]></description>"))
    assert story.body == kept
    assert len(story.removed) == 1


def test_an_entry_without_text_is_a_problem_and_the_others_go_on():
    found = list(read_feed(rss("<title>Just this</title>", "<description>Yes.</description>")))
    assert isinstance(found[0], Problem)
    assert found[0].path == "#1"
    assert isinstance(found[1], Story)


def test_curly_quotes_in_a_feed_labelled_latin_1_are_kept():
    data = rss("<description>“Yes”, she said – €5.</description>", encoding="cp1252")
    assert one(data.replace(b"cp1252", b"ISO-8859-1")).body == "“Yes”, she said – €5."


@pytest.mark.parametrize("data", [b"", b"<html><p>Hi</p></html>", b"plain", rss()])
def test_what_is_no_feed_or_empty_is_refused(data):
    with pytest.raises(ArticleError, match="feed"):
        read_feed(data)


@pytest.mark.parametrize("data", [b"https://fjord.example/feed", b"/etc/passwd"])
def test_an_address_or_a_path_is_never_followed(data, monkeypatch):
    def refuse(*_):
        raise AssertionError("opened a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(ArticleError):
        read_feed(data)


def test_entities_that_grow_without_end_do_no_harm():
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]>'.encode()
    data += rss("<description>&a11;</description>").partition(b"?>")[2]
    began = time.perf_counter()
    with contextlib.suppress(ArticleError):
        list(read_feed(data))
    assert time.perf_counter() - began < 5


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_harmed_feeds_give_stories_problems_or_article_errors(draw):
    data = bytearray(rss("<title>Ferry sinks</title>" + TEASER + FULL, "<link>https://a.b</link>"))
    for _ in range(draw.draw(st.integers(0, 5))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        found = list(read_feed(bytes(data[: draw.draw(st.integers(0, len(data)))])))
    except ArticleError:
        return
    assert all(isinstance(item, Story | Problem) for item in found)


def test_blank_lines_part_the_paragraphs_of_a_plain_description():
    story = one(rss("<description>The ferry sank.\n\nNobody was\naboard.</description>"))
    assert story.body == "The ferry sank.\n\nNobody was aboard."


def test_blank_lines_between_tags_part_nothing():
    html = "<p>The ferry\n\nsank.</p>\n\n<ul>\n\n<li>One</li>\n\n<li>Two</li>\n\n</ul>"
    assert one(rss(content(html))).body == "The ferry sank.\n\nOne\nTwo"


WORDPRESS = (
    "<title>Fjord Weekly</title><wp:author><wp:author_login>iroth</wp:author_login>"
    "<wp:author_display_name><![CDATA[Ida Roth]]></wp:author_display_name></wp:author>"
    "<wp:author><wp:author_login>omoe</wp:author_login>"
    "<wp:author_display_name><![CDATA[Odd Moe]]></wp:author_display_name></wp:author>"
)


def wordpress(text, kind="post", status="publish", title="Ferry sinks"):
    return (
        f"<title>{title}</title><dc:creator>iroth</dc:creator>{content(text)}"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>"
    )


def test_an_old_post_of_an_export_has_paragraphs_and_no_shortcodes():
    text = (
        'The ferry sank.\n\n[caption width="3"]<img src="a.jpg" /> The quay[/caption]\n\n'
        '[gallery ids="1,2"]\n\n<b>Nobody</b> was aboard [sic].\n<!--more-->\nIt was cold.'
    )
    story = one(rss(wordpress(text), head=WORDPRESS))
    assert story.body == "The ferry sank.\n\nNobody was aboard [sic].\n\nIt was cold."
    assert story.author == "Ida Roth"
    assert "The quay" in story.removed[0].text
    poll = one(rss(wordpress("The [poll] numbers fell.\n\n[poll id=3]"), head=WORDPRESS))
    assert poll.body == "The [poll] numbers fell."


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("post", "draft"),
        ("post", "trash"),
        ("page", "publish"),
        ("attachment", "inherit"),
        ("nav_menu_item", "publish"),
    ],
)
def test_only_the_published_posts_of_an_export_are_articles(kind, status):
    other = wordpress("Not ready yet.", kind, status, "Notes")
    posts = [other, wordpress("The ferry sank."), wordpress("It was old.", "news")]
    first, second = read_feed(rss(*posts, head=WORDPRESS))
    assert isinstance(first, Story)
    assert isinstance(second, Story)
    assert (first.body, second.body) == ("The ferry sank.", "It was old.")
    assert first.places[0].label == "item 2"
    assert [removal.text for removal in (*first.removed, *second.removed)] == ["Notes"]
    with pytest.raises(ArticleError, match="no published post"):
        read_feed(rss(other, head=WORDPRESS))


def test_the_export_of_blogger_has_posts_beside_settings_and_comments():
    def entry(kind, text):
        scheme = "http://schemas.google.com/g/2005#kind"
        term = f"http://schemas.google.com/blogger/2008/kind#{kind}"
        return (
            f'<entry><category scheme="{scheme}" term="{term}"/><title>Ferry</title>'
            f'<content type="html">{text}</content><author><name>Ida Roth</name>'
            "<email>noreply@dale.example</email></author></entry>"
        )

    entries = entry("settings", "Wide") + entry("post", "It sank.") + entry("comment", "Sad.")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Dale</title>{entries}</feed>'
    story = one(feed.encode())
    assert (story.body, story.author) == ("It sank.", "Ida Roth")


NITF = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><title>Slug</title>
<docdata><date.issue norm="20200303T081500+0100"/><doc.copyright holder="Fjord Press"/></docdata>
</head><body><body.head><hedline><hl1>Ferry <em>sinks</em></hl1></hedline>
<byline>By Ida Roth<byttl>Staff Writer</byttl></byline><distributor>Fjord Wire</distributor>
</body.head><body.content><media><media-caption>The quay</media-caption></media>
<p>The ferry sank &amp; nobody
was aboard.</p><hl2>The quay</hl2><block><p>It was cold.</p></block></body.content>
<body.end><tagline>ir</tagline></body.end></body></nitf>"""
NEWSML = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="a">
<rightsInfo><copyrightHolder><name>Fjord Wire</name></copyrightHolder></rightsInfo><contentMeta>
<contentCreated>2020-03-03T08:15:00+01:00</contentCreated><by>By Ida Roth</by>
<headline>Ferry sinks</headline></contentMeta><contentSet><inlineXML>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>
<p>The ferry sank &amp; nobody was aboard.</p><h2>The quay</h2><p>It was cold.</p></body></html>
</inlineXML></contentSet></newsItem></itemSet></newsMessage>"""


@pytest.mark.parametrize("text", [NITF, NEWSML], ids=["NITF", "NewsML"])
def test_what_agencies_pass_on_is_read(text):
    story = one(text.encode())
    assert story.body == "The ferry sank & nobody was aboard.\n\nThe quay\n\nIt was cold."
    assert (story.title, story.author, story.source) == ("Ferry sinks", "Ida Roth", "Fjord Wire")
    assert story.published == "2020-03-03T08:15:00+01:00"


def test_letters_by_name_powers_and_odd_prefixes_of_what_agencies_pass_on():
    odd = NITF.replace("The ferry sank &amp;", "Caf&eacute;&nbsp;no. 10<sup>6</sup> <x:y>and</x:y>")
    assert one(odd.encode()).body.startswith("Café no. 10⁶ and nobody was aboard.")


def test_entities_of_what_agencies_pass_on_are_not_expanded():
    bomb = NITF.replace('SYSTEM "nitf.dtd"', '[<!ENTITY a "boom">]').replace("&amp;", "&a;")
    assert "boom" not in one(bomb.encode()).body
