"""Whatever is typed into a notice, the page gets paragraphs, lists and words, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from portal.web.prose import prose

ALLOWED = {"p", "br", "h2", "ul", "ol", "li", "b"}
VOID = {"br"}
TYPED = st.one_of(
    st.text(max_size=200),
    st.text("<>&\"'*-#1.2 \n甲乙ab/=", max_size=200),
    st.lists(
        st.sampled_from(["<script>", "**", "## ", "- ", "1. ", "\n", "\n\n", "<b>", "</p>", "甲"]),
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
        self.attributes = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an opened tag."""
        self.seen.add(tag)
        self.attributes += len(attrs)
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
    assert reader.attributes == 0
    assert reader.open == []


@given(st.text("甲乙丙<>&ab", min_size=1, max_size=60))
def test_text_without_marks_is_shown_as_typed(typed: str) -> None:
    reader = Reader()
    reader.feed(prose(typed))
    reader.close()
    assert reader.text == typed
