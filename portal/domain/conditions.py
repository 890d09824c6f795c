"""Conditions of an institution, item by item: met, not met, or not verified.

An item is a public question of the report's form that a clause of the standard stands behind: a
number with a known least value, or a yes or no. Only what a reviewer has proved counts; what is
merely declared is not verified, what was found otherwise is not met. Where no number was found
there is no item: thresholds are never invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.domain.report_review import Proof
from portal.rules.form import Item, ReportForm

_PROVED = frozenset({Proof.DOCUMENT_SEEN, Proof.SEEN_ON_SITE})
_YES = (True, "yes")


class Verdict(StrEnum):
    """What can be said of one item."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True)
class Claim:
    """An accepted fact: where it stands in the report, what it says, how far it was proved."""

    path: str
    value: Any
    proof: str


@dataclass(frozen=True, slots=True)
class Condition:
    """An item that can be judged; ``column`` where it is asked of each row of a table."""

    section: str
    item: Item
    column: Item | None = None

    @property
    def path(self) -> str:
        """Return its place in the form, by which it is known everywhere."""
        parts = [self.section, self.item.key, *([self.column.key] if self.column else [])]
        return ".".join(parts)

    @property
    def asked(self) -> Item:
        """Return the question itself."""
        return self.column or self.item


def conditions_of(form: ReportForm, standard: str) -> tuple[Condition, ...]:
    """Return everything that the form lets us judge, in its order.

    ``standard`` is the key of the source whose clauses are conditions.
    """
    waited_for = {one.condition[0] for one in form.items() if one.condition}
    return tuple(
        condition
        for section in form.sections
        for item in section.items
        for condition in _within(section.key, item)
        if _is_judged(condition.asked, standard) and condition.asked.key not in waited_for
    )


def _within(section: str, item: Item) -> Iterator[Condition]:
    if item.kind != "table":
        yield Condition(section, item)
    for column in item.columns:
        yield Condition(section, item, column)


def _is_judged(asked: Item, standard: str) -> bool:
    if not (asked.public and asked.verified):
        return False
    if asked.min_from:
        return asked.min is not None
    return asked.kind == "yesno" and asked.clause.partition("#")[0] == standard


def verdicts(form: ReportForm, standard: str, claims: Iterable[Claim]) -> dict[str, Verdict]:
    """Return place of the item → verdict, of every item that applies.

    An item that waits for a neighbour's answer applies only where that answer is given.
    """
    known = {claim.path: claim for claim in claims}
    found: dict[str, Verdict] = {}
    for condition in conditions_of(form, standard):
        verdict = _of_rows(condition, known) if condition.column else _of_item(condition, known)
        if verdict is not None:
            found[condition.path] = verdict
    return found


def _of_item(condition: Condition, known: Mapping[str, Claim]) -> Verdict | None:
    neighbour = condition.item.condition
    if neighbour is not None:
        other = known.get(f"{condition.section}.{neighbour[0]}")
        if other is not None and not _says(other.value, neighbour[1]):
            return None
    claim = known.get(condition.path)
    if claim is None:
        return Verdict.NOT_VERIFIED
    return _judged(condition.asked, claim.value, claim.proof)


def _of_rows(condition: Condition, known: Mapping[str, Claim]) -> Verdict | None:
    """Return the verdict on all rows: one that falls short decides, one unproved leaves it open."""
    table = f"{condition.section}.{condition.item.key}."
    rows = [claim for path, claim in known.items() if path.startswith(table)]
    if not rows:
        return Verdict.NOT_VERIFIED
    asked = condition.asked
    each = [
        _judged(asked, row.value.get(asked.key), row.proof)
        for row in rows
        if asked.condition is None or _says(row.value.get(asked.condition[0]), asked.condition[1])
    ]
    if not each:
        return None
    order = (Verdict.NOT_MET, Verdict.NOT_VERIFIED, Verdict.MET)
    return next(verdict for verdict in order if verdict in each)


def _judged(asked: Item, value: Any, proof: str) -> Verdict:  # noqa: ANN401  # JSON
    if proof == Proof.CONTRADICTED:
        return Verdict.NOT_MET
    if proof not in _PROVED or value is None:
        return Verdict.NOT_VERIFIED
    good = value in _YES if asked.min is None else float(value) >= asked.min
    return Verdict.MET if good else Verdict.NOT_MET


def _says(value: Any, answer: str) -> bool:  # noqa: ANN401  # JSON
    if isinstance(value, bool):
        return value == (answer == "yes")
    return bool(value == answer)
