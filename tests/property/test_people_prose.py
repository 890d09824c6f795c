"""Whatever is typed into a notice, the page gets paragraphs, lists and words, and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.prose import prose

ALLOWED = {"p", "br", "h2", "h3", "ul", "ol", "li", "b", "a", "blockquote", "div"}
ALLOWED |= {"table", "thead", "tbody", "tr", "th", "td"}
SAFE = {
    "class": re.compile(r"note said|scroll"),
    "tabindex": re.compile("0"),
    "scope": re.compile("col"),
    "rel": re.compile("nofollow"),
    "href": re.compile(r"(https?://|/(?!/))[^\s<>\"']*"),
}
VOID = {"br"}
PIECES = [
    "<script>",
    "**",
    "## ",
    "### ",
    "- ",
    "1. ",
    "> ",
    "| ",
    " |",
    "\n",
    "\n\n",
    "<b>",
    "</p>",
]
PIECES += [
    "甲",
    "[词](",
    "https://a.example/x",
    "javascript:alert(1)",
    "//b.example",
    "/methods",
    ")",
    '"',
]
TYPED = st.one_of(
    st.text(max_size=200),
    st.text("<>&\"'*-#1.2 \n甲乙ab/=", max_size=200),
    st.lists(
        st.sampled_from(PIECES),
        max_size=40,
    ).map("".join),
)


class Reader(HTMLParser):
    """What a browser would make of it: tags in order, attributes, and the text."""

    def __init__(self) -> None:
        """Start with nothing read."""
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.unsafe: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an opened tag."""
        self.seen.add(tag)
        self.unsafe += [
            (name, value)
            for name, value in attrs
            if name not in SAFE or not SAFE[name].fullmatch(value or "")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag opened last; any other order is wrong."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@given(TYPED)
def test_only_our_own_tags_come_out_and_all_are_closed(typed: str) -> None:
    reader = Reader()
    reader.feed(prose(typed))
    reader.close()
    assert reader.seen <= ALLOWED
    assert reader.unsafe == []
    assert reader.open == []


@given(st.text("甲乙丙<>&ab", min_size=1, max_size=60).filter(lambda text: text[0] != ">"))
def test_text_without_marks_is_shown_as_typed(typed: str) -> None:
    reader = Reader()
    reader.feed(prose(typed))
    reader.close()
    assert reader.text == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**甲**乙", "<p><b>甲</b>乙</p>"),
        ("## 章\n### 小节", "<h3>小节</h3>"),
        ("### 小节", "<h2>小节</h2>"),
        ("> 引文", '<blockquote class="note said"><p>引文</p></blockquote>'),
        ("[原文](https://a.example/x?y=1&z=2)", '<a href="https://a.example/x?y=1&amp;z=2"'),
        ("[原文](javascript:alert(1))", "<p>[原文](javascript:alert(1))</p>"),
        ("[原文](//b.example)", "<p>[原文](//b.example)</p>"),
        ("| 项目 | 学时 |\n| --- | --- |\n| 甲 | 32 |", "<td>32</td>"),
    ],
)
def test_marks_become_what_they_mean(typed: str, shown: str) -> None:
    assert shown in prose(typed)
