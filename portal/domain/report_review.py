"""What a reviewer should see first: what changed since the last report, and what falls short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.domain.fact_places import as_asked
from portal.domain.reports import Content
from portal.rules.form import Item, ReportForm


class Proof(StrEnum):
    """How far a claim was proved."""

    DECLARED = "declared"
    DOCUMENT_SEEN = "document_seen"
    SEEN_ON_SITE = "seen_on_site"
    CONTRADICTED = "contradicted"


class ChangeKind(StrEnum):
    """What happened to an answer."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNASKED = "unasked"
    """The newer form does not ask it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer, or one row of a table, that differs between two contents.

    ``old`` is None where it was added, ``new`` where it is gone; a row is a mapping of its
    columns. ``columns`` names the columns that changed. Rows count from 1.
    """

    section: str
    item: Item
    kind: ChangeKind
    old: Any
    new: Any
    row: int | None = None
    old_row: int | None = None
    columns: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The changes between two contents in the order of the form, and how many answers stayed."""

    changes: tuple[Change, ...]
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A true answer below what the conditions ask: no fault, but something to look at."""

    section: str
    item: Item
    value: float
    least: float
    row: int | None = None
    column: Item | None = None


def compare(
    form: ReportForm, old: Content, new: Content, old_form: ReportForm | None = None
) -> Comparison:
    """Return what changed from ``old`` to ``new``; rows that only moved are unchanged.

    Both are read by ``form``; what only ``old_form`` asked comes last, as no longer asked.
    """
    changes: list[Change] = []
    unchanged = 0
    for section in form.sections:
        before, after = old.get(section.key, {}), new.get(section.key, {})
        for item in section.items:
            if item.kind == "table":
                found, same = _rows(section.key, item, before.get(item.key), after.get(item.key))
            else:
                found, same = _answer(section.key, item, before.get(item.key), after.get(item.key))
            changes.extend(found)
            unchanged += same
    changes.extend(_unasked(form, old_form, old))
    return Comparison(changes=tuple(changes), unchanged=unchanged)


def _unasked(form: ReportForm, old_form: ReportForm | None, old: Content) -> Iterator[Change]:
    """Yield the old answers to questions that are gone, rows one by one."""
    asked = {(section.key, item.key) for section in form.sections for item in section.items}
    for section in old_form.sections if old_form else ():
        for item in section.items:
            value = old.get(section.key, {}).get(item.key)
            if (section.key, item.key) in asked or value is None:
                continue
            rows = list(enumerate(value, 1)) if item.kind == "table" else [(None, value)]
            for at, one in rows:
                yield Change(
                    section=section.key,
                    item=item,
                    kind=ChangeKind.UNASKED,
                    old=one,
                    new=None,
                    old_row=at,
                )


def shortfalls(form: ReportForm, content: Content) -> tuple[Shortfall, ...]:
    """Return the answers below the least conditions of the rulebook.

    They may be reported: a report must be able to say the truth.
    """
    found: list[Shortfall] = []
    for section in form.sections:
        answers = content.get(section.key, {})
        for item in section.items:
            if item.kind != "table":
                found.extend(_short_of(section.key, item, item, answers, None))
                continue
            for number, row in enumerate(answers.get(item.key, []), 1):
                for column in item.columns:
                    found.extend(_short_of(section.key, item, column, row, number))
    return tuple(found)


def _answer(section: str, item: Item, old: object, new: object) -> tuple[list[Change], int]:
    if old == new:
        return [], int(new is not None)
    kind = ChangeKind.CHANGED
    if old is None or new is None:
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED
    return [Change(section=section, item=item, kind=kind, old=old, new=new)], 0


Numbered = list[tuple[int, dict[str, Any]]]


def _rows(section: str, item: Item, old: Any, new: Any) -> tuple[list[Change], int]:  # noqa: ANN401  # rows as JSON
    before, after = (
        [(at, as_asked(item, row)) for at, row in enumerate(rows or [], 1)] for rows in (old, new)
    )
    same = _pairs(before, after, lambda row: sorted(row.items(), key=str))
    name = item.columns[0].key
    matched = _pairs(before, after, lambda row: row.get(name))
    changes = [
        Change(
            section=section,
            item=item,
            kind=ChangeKind.CHANGED,
            old=was,
            new=now,
            row=now_at,
            old_row=was_at,
            columns=tuple(c for c in item.columns if was.get(c.key) != now.get(c.key)),
        )
        for (was_at, was), (now_at, now) in matched
    ]
    changes += [
        Change(section=section, item=item, kind=ChangeKind.ADDED, old=None, new=row, row=at)
        for at, row in after
    ]
    changes.sort(key=lambda change: change.row or 0)
    changes += [
        Change(section=section, item=item, kind=ChangeKind.REMOVED, old=row, new=None, old_row=at)
        for at, row in before
    ]
    return changes, len(same)


Pairs = list[tuple[tuple[int, dict[str, Any]], tuple[int, dict[str, Any]]]]


def _pairs(before: Numbered, after: Numbered, key: Callable[[dict[str, Any]], object]) -> Pairs:
    """Take the rows out of both lists that have the same key, in order; return them in pairs."""
    pairs: Pairs = []
    for row in list(before):
        twin = next((other for other in after if key(other[1]) == key(row[1])), None)
        if twin is not None:
            before.remove(row)
            after.remove(twin)
            pairs.append((row, twin))
    return pairs


def _short_of(
    section: str, item: Item, asked: Item, answers: Mapping[str, Any], row: int | None
) -> Iterator[Shortfall]:
    value = answers.get(asked.key)
    if not asked.min_from or asked.min is None or value is None or value >= asked.min:
        return
    column = asked if row is not None else None
    yield Shortfall(
        section=section, item=item, value=value, least=asked.min, row=row, column=column
    )
