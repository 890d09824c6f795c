"""Rows that a second file said too: a row stands as long as one file that stands says it.

It belongs to the receipt that brought it; the others that say it are noted beside it. When it is
taken back, or a corrected file says it no more, it passes to the oldest of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    delete,
    exists,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from portal.intake.counts.replaced import BATCH, MODELS, Content, content_of, in_batches, revived
from portal.store.bulk import put
from portal.store.exams import SAID, ExamResult
from portal.store.receipts import Receipt, ReplacedRow, SaidAgain

_SERIES = {
    "tallies": ("institution_id", "trade", "exam_kind", "period"),
    "surveys": ("institution_id", "trade", "source", "period"),
}
_BESIDE = frozenset({"id", "receipt_id"})
"""Columns that say nothing of what a file said."""


@dataclass(frozen=True, slots=True)
class Heir:
    """Who says a row still: the note of it, and its receipt."""

    note_id: int
    receipt_id: int


AGAIN = Table(
    "said_again_now",
    MetaData(),
    *(Column(name, String) for name in ("natural_key", "said")),
    prefixes=["TEMPORARY"],
)


def keep_again(session: Session, contents: Iterable[Content]) -> None:
    """Keep what a file says again of results until its receipt has a number."""
    drop_again(session)
    AGAIN.create(session.connection())
    told = (identity("exams", content) for content in contents)
    put(session, AGAIN, ("natural_key", "said"), iter(lambda: [*islice(told, BATCH)], []))


def note_again(session: Session, receipt: Receipt) -> None:
    """Note the results that were kept."""
    rows = select(literal(receipt.kind), AGAIN.c.natural_key, AGAIN.c.said, literal(receipt.id))
    names = ["kind", "natural_key", "said", "receipt_id"]
    session.execute(insert(SaidAgain).from_select(names, rows, include_defaults=False))


def drop_again(session: Session) -> None:
    """Throw the kept results away."""
    AGAIN.drop(session.connection(), checkfirst=True)


def identity(kind: str, content: Content) -> tuple[str, str]:
    """Return by what a row is known again, and a hash of all that it says."""
    if kind == "exams":
        return content["natural_key"], _digest([content[name] for name in SAID])
    key = [content[name] for name in _SERIES[kind]]
    said = {name: value for name, value in sorted(content.items()) if name not in _BESIDE}
    return _digest(key), _digest(said)


def _digest(value: object) -> str:
    return sha256(json.dumps(value, default=str).encode()).hexdigest()


def note(
    session: Session, receipt: Receipt, contents: Iterable[Content], *, lesser: bool = False
) -> None:
    """Note that a receipt's file says rows that another one brought.

    ``lesser``: it says less than what stands, such as the roster after the result; its own words
    are kept, for the day on which the other is taken back.
    """
    notes = {}
    for content in contents:
        key, said = identity(receipt.kind, content)
        own_words = {"content": content} if lesser else {}
        notes[key] = {
            "kind": receipt.kind,
            "natural_key": key,
            "said": said,
            "receipt_id": receipt.id,
        } | own_words
    for some in in_batches(list(notes.values())):
        session.execute(insert(SaidAgain), some)


def pass_on(
    session: Session,
    kind: str,
    ids: Sequence[int],
    besides: frozenset[int],
    *,
    noted: bool = False,
) -> dict[str, int]:
    """Let rows of these ids pass to others that say them still; return key → the heir's receipt.

    ``besides`` are receipts that inherit nothing: those whose rows leave. ``noted``: the receipt
    that a row leaves is noted beside it, for when its correction is taken back.
    """
    passed: dict[str, int] = {}
    for some in in_batches(ids):
        found = _inheritances(session, kind, some, besides)
        told = []
        for row, heir in found:
            key, said = identity(kind, content_of(row))
            told.append(
                {"kind": kind, "natural_key": key, "said": said, "receipt_id": row.receipt_id}
            )
            passed[key] = heir.receipt_id
        _change_hands(session, kind, [(row.id, heir) for row, heir in found])
        if noted and told:
            session.execute(insert(SaidAgain), told)
    session.expire_all()
    return passed


def _change_hands(session: Session, kind: str, found: list[tuple[int, Heir]]) -> None:
    model: Any = MODELS[kind]
    theirs: defaultdict[int, list[int]] = defaultdict(list)
    for row_id, heir in found:
        theirs[heir.receipt_id].append(row_id)
    for receipt_id, row_ids in theirs.items():
        changed = update(model).where(model.id.in_(row_ids)).values(receipt_id=receipt_id)
        session.execute(changed, execution_options={"synchronize_session": False})
    notes = [heir.note_id for _, heir in found]
    session.execute(delete(SaidAgain).where(SaidAgain.id.in_(notes)))


def has_heir(session: Session, kind: str, ids: Sequence[int], besides: frozenset[int]) -> set[int]:
    """Return which rows of these ids another file says still; nothing is changed."""
    return {
        row.id for some in in_batches(ids) for row, _ in _inheritances(session, kind, some, besides)
    }


def _inheritances(
    session: Session, kind: str, ids: Sequence[int], besides: frozenset[int]
) -> list[tuple[Any, Heir]]:
    model: Any = MODELS[kind]
    rows = session.scalars(select(model).where(model.id.in_(ids))).all()
    told = [(row, identity(kind, content_of(row))) for row in rows]
    found = _heirs(session, kind, {key for _, (key, _) in told}, besides)
    return [(row, found[one]) for row, one in told if one in found]


def may_stay(session: Session, receipt: Receipt) -> list[int]:
    """Return the ids of a receipt's rows that others may say too, without looking closer."""
    model: Any = MODELS[receipt.kind]
    asked = select(model.id).where(model.receipt_id == receipt.id)
    if model is ExamResult:
        asked = asked.where(exists().where(SaidAgain.natural_key == ExamResult.natural_key))
    return list(session.scalars(asked))


def _heirs(
    session: Session, kind: str, keys: set[str], besides: frozenset[int]
) -> dict[tuple[str, str], Heir]:
    """Return (key, what is said) → the oldest that says so and stands."""
    asked = select(SaidAgain).where(
        SaidAgain.kind == kind,
        SaidAgain.natural_key.in_(keys),
        SaidAgain.content.is_(None),
        SaidAgain.receipt_id.not_in(besides),
        ~_corrected(besides),
    )
    found: dict[tuple[str, str], Heir] = {}
    for one in session.scalars(asked.order_by(SaidAgain.receipt_id)):
        found.setdefault((one.natural_key, one.said), Heir(one.id, one.receipt_id))
    return found


def _corrected(leaving: frozenset[int]) -> Any:  # noqa: ANN401  # a condition
    """Tell whether another file stands in a receipt's place; those that leave free it."""
    later = aliased(Receipt)
    standing = (later.undone_at.is_(None), later.id.not_in(leaving))
    return exists().where(later.corrects_id == SaidAgain.receipt_id, *standing)


def forget(session: Session, receipt: Receipt) -> None:
    """Let a receipt that is taken back say nothing any more."""
    session.execute(delete(SaidAgain).where(SaidAgain.receipt_id == receipt.id))


def hand_over_replaced(session: Session, receipt: Receipt, passed: dict[str, int]) -> None:
    """Let what ``receipt`` replaced be replaced by its heirs."""
    asked = select(ReplacedRow).where(ReplacedRow.replaced_by_id == receipt.id)
    for row in session.scalars(asked):
        key, _ = identity(receipt.kind, row.content)
        if key in passed:
            row.replaced_by_id = passed[key]
    session.flush()


def revive_lesser(session: Session, leaving: Receipt, keys: Iterable[str]) -> None:
    """Write rows of results that went with a receipt, as a file that stands says them."""
    for some in in_batches(list(keys)):
        asked = select(SaidAgain).where(
            SaidAgain.kind == "exams",
            SaidAgain.natural_key.in_(some),
            SaidAgain.content.is_not(None),
            ~_corrected(frozenset({leaving.id})),
        )
        lesser = session.scalars(asked.order_by(SaidAgain.receipt_id)).all()
        persons = {one.content["person_hash"] for one in lesser if one.content}
        standing = select(ExamResult.natural_key).where(ExamResult.person_hash.in_(persons))
        settled = set(session.scalars(standing))
        for one in lesser:
            if one.natural_key not in settled and one.content is not None:
                settled.add(one.natural_key)
                row = revived("exams", one.content | {"first": False, "receipt_id": one.receipt_id})
                session.execute(insert(ExamResult), [row])
                session.delete(one)
        session.flush()
