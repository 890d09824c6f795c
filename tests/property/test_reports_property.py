"""Whatever is typed: it is kept, or refused with a sentence, and reads the same again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.answers import Wrong, read_answer, storable, tidy, typed_answer
from portal.domain.report_review import compare
from portal.domain.reports import digest, read_report, tidied, typed_report
from portal.rules.form import FormSection, Item, ReportForm
from portal.rules.words import messages

KINDS = ("text", "paragraph", "number", "integer", "date", "choice", "yesno", "trade", "trades")
SLUGS = ("welding", "height")
TYPED = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"-?[0-9０-９]{0,12}[.,，]?[0-9]{0,6}%?", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?", fullmatch=True),
    st.sampled_from(["owned", "yes", "no", "welding", "height、welding", "NaN", "1e400", "inf"]),
)


def asked(kind: str, key: str = "asked") -> Item:
    """Return a question of a kind."""
    choices = ("owned", "leased") if kind == "choice" else ()
    return Item(key=key, kind=kind, zh="问", en="Q", choices=choices, required=False)


def find(name: str) -> str | None:
    """Find a trade by its slug alone."""
    return name if name in SLUGS else None


@pytest.mark.parametrize("kind", KINDS)
@given(typed=TYPED)
def test_an_answer_reads_the_same_again_or_is_refused_in_words(kind: str, typed: str) -> None:
    item = asked(kind)
    value = read_answer(item, typed, find)
    if isinstance(value, Wrong):
        assert value.key in messages()
        return
    assert read_answer(item, typed_answer(item, value), find) == value


@given(text=st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = tidy(text, lines=True)
    assert tidy(once, lines=True) == once
    assert "\n" not in tidy(text)
    if storable(once):
        assert once.isprintable() or "\n" in once or not once.isascii()


ROWS = st.lists(st.dictionaries(st.sampled_from(["name", "count"]), TYPED, max_size=2), max_size=6)
SECTION = FormSection(
    key="s",
    zh="节",
    en="S",
    items=(
        Item(
            key="rows",
            kind="table",
            zh="表",
            en="T",
            required=False,
            columns=(asked("text", "name"), asked("integer", "count")),
        ),
        asked("number", "area"),
    ),
)
FORM = ReportForm(version="1", sections=(SECTION,))


@given(rows=ROWS, area=TYPED)
def test_content_without_faults_survives_typing_it_again(rows: Any, area: str) -> None:  # noqa: ANN401
    typed = tidied(SECTION, {"rows": rows, "area": area}, find)
    content, faults = read_report(FORM, {"s": typed}, find)
    if faults:
        return
    again, found = read_report(FORM, typed_report(FORM, content), find)
    assert found == ()
    assert digest(again) == digest(content)


VALUES = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("甲乙丙丁"), "count": st.integers(0, 3)}),
    max_size=6,
)


@given(old=VALUES, new=VALUES)
def test_every_row_is_accounted_for_once(old: Any, new: Any) -> None:  # noqa: ANN401
    found = compare(FORM, {"s": {"rows": old}}, {"s": {"rows": new}})
    rows = sorted(change.row for change in found.changes if change.row)
    gone = sorted(change.old_row for change in found.changes if change.old_row)
    assert len(rows) + found.unchanged == len(new)
    assert len(gone) + found.unchanged == len(old)
    assert len(set(rows)) == len(rows)
    assert len(set(gone)) == len(gone)
