"""Taking back what a file brought, and what may be corrected by another one.

What was said before it stands again; the receipt stays, marked as undone, and so does the trail.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.intake.counts.replaced import (
    MODELS,
    Content,
    in_batches,
    kept_for,
    put_back,
    remove,
)
from portal.intake.counts.said_again import (
    forget,
    hand_over_replaced,
    may_stay,
    pass_on,
    revive_lesser,
)
from portal.intake.counts.tally_upkeep import Upkeep
from portal.intake.counts.touched import drop_touched, touched
from portal.intake.files.formats import Kind
from portal.store.audit import record
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt, ReplacedRow, UndoRequest, one_at_a_time

LONGEST_REASON = 300


class Correcting(Protocol):
    """What says which receipt a file corrects, and why."""

    @property
    def corrects(self) -> str | None:
        """Return the receipt's number."""

    @property
    def reason(self) -> str:
        """Return why."""

    @property
    def trial(self) -> bool:
        """Tell whether nothing is to be written."""


def to_correct(session: Session, kind: Kind, wish: Correcting) -> Receipt:
    """Return the receipt that a file issues anew.

    Raises:
        RuleBroken: there is none of this number and kind, it was undone or corrected before, or no
            reason is given.

    """
    found = session.scalar(select(Receipt).where(Receipt.number == wish.corrects))
    if found is None or found.kind != kind.value or kind.value not in MODELS:
        raise RuleBroken("intake.no_such_receipt", {"corrects": "intake.no_such_receipt"})
    if found.undone_at is not None:
        raise RuleBroken("intake.undone_already", {"corrects": "intake.undone_already"})
    if later := _corrected_by(session, found):
        facts = {"receipt": later.number}
        raise RuleBroken("intake.corrected_by", {"corrects": "intake.corrected_by"}, **facts)
    if not wish.trial and not wish.reason.strip():
        raise RuleBroken("intake.no_reason", {"reason": "intake.no_reason"})
    return found


def lineage(session: Session, receipt: Receipt | None) -> frozenset[int]:
    """Return the ids of a receipt, of the one that it corrects, and so on; none of None."""
    found: set[int] = set()
    while receipt is not None:
        found.add(receipt.id)
        before = receipt.corrects_id
        receipt = session.get(Receipt, before) if before else None
    return frozenset(found)


def undo(session: Session, actor: Actor, number: str, reason: str, at: datetime) -> Receipt:
    """Take back what a receipt brought; what its rows replaced stands again.

    Raises:
        NotAllowed: the actor may not take in files.
        NotFound: there is no receipt of this number.
        Conflict: it was undone already, or a later receipt builds on it.
        RuleBroken: no reason is given, or its kind is edited and not undone.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    receipt = undoable(session, number, reason)
    undone(session, receipt, reason, actor.name, at)
    facts = {"accepted": receipt.accepted, "reason": receipt.undone_reason}
    record(session, actor, "file.undone", f"receipt:{number}", at, **facts)
    return receipt


def undoable(session: Session, number: str, reason: str) -> Receipt:
    """Return the receipt of this number, held by this transaction and fit to be undone.

    Raises:
        NotFound: there is none of this number.
        Conflict: it was undone already, or a later receipt builds on it.
        RuleBroken: no reason is given, or its kind is edited and not undone.

    """
    one_at_a_time(session)
    receipt = session.scalar(select(Receipt).where(Receipt.number == number))
    if receipt is None:
        raise NotFound("intake.no_receipt")
    session.refresh(receipt)
    _require_undoable(session, receipt)
    if not reason.strip():
        raise RuleBroken("intake.no_reason", {"why": "intake.no_reason"})
    return receipt


def undone(session: Session, receipt: Receipt, reason: str, by: str, at: datetime) -> None:
    """Take back what a receipt brought, and say so on it; ``by`` names who did."""
    _take_back(session, receipt)
    session.execute(delete(UndoRequest).where(UndoRequest.receipt_id == receipt.id))
    receipt.undone_at, receipt.undone_by = at, by
    receipt.undone_reason = reason.strip()[:LONGEST_REASON]
    session.flush()


def _require_undoable(session: Session, receipt: Receipt) -> None:
    if receipt.kind not in MODELS:
        raise RuleBroken("intake.undo_not_kind")
    if receipt.undone_at is not None:
        raise Conflict("intake.undone_already")
    if later := _builds_on(session, receipt):
        raise Conflict("intake.undo_later", receipt=later.number)


def _corrected_by(session: Session, receipt: Receipt) -> Receipt | None:
    wanted = (Receipt.corrects_id == receipt.id, Receipt.undone_at.is_(None))
    return session.scalar(select(Receipt).where(*wanted).limit(1))


def _builds_on(session: Session, receipt: Receipt) -> Receipt | None:
    """Return the newest receipt that changed or corrected what this one brought."""
    later = aliased(Receipt)
    changed = exists().where(
        ReplacedRow.receipt_id == receipt.id, ReplacedRow.replaced_by_id == later.id
    )
    wanted = select(later).where(
        later.undone_at.is_(None), or_(later.corrects_id == receipt.id, changed)
    )
    return session.scalar(wanted.order_by(later.id.desc()).limit(1))


def _take_back(session: Session, receipt: Receipt) -> None:
    """Remove what only this receipt says; what others say too stays and is theirs."""
    forget(session, receipt)
    passed = pass_on(session, receipt.kind, may_stay(session, receipt), frozenset({receipt.id}))
    hand_over_replaced(session, receipt, passed)
    brought, before = _brought_by(session, receipt), kept_for(session, receipt)
    if MODELS[receipt.kind] is ExamResult:
        _take_results_back(session, receipt, brought, before)
    else:
        _exchange(session, receipt, brought, before)


def _brought_by(session: Session, receipt: Receipt) -> list[int]:
    model = MODELS[receipt.kind]
    return list(session.scalars(select(model.id).where(model.receipt_id == receipt.id)))


def _take_results_back(
    session: Session, receipt: Receipt, brought: list[int], before: list[Content]
) -> None:
    upkeep = Upkeep(session, touched(session, None, brought, before))
    keys = list(
        session.scalars(select(ExamResult.natural_key).where(ExamResult.receipt_id == receipt.id))
    )
    _exchange(session, receipt, brought, before)
    revive_lesser(session, receipt, keys)
    upkeep.bring_up_to_date(receipt)
    drop_touched(session)


def _exchange(
    session: Session, receipt: Receipt, brought: list[int], before: list[Content]
) -> None:
    for some in in_batches(brought):
        remove(session, MODELS[receipt.kind], some)
    put_back(session, receipt, before)
