"""Taking back what regulators entered for an authority without an account: two act, as before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotAllowed, NotFound
from portal.domain.people import Actor, Permission
from portal.intake.taking_back import LONGEST_REASON, undoable, undone
from portal.store.audit import record
from portal.store.people import Person
from portal.store.receipts import Receipt, UndoRequest


def ask_to_undo(session: Session, actor: Actor, number: str, reason: str, at: datetime) -> None:
    """Ask for a second regulator to take back what was entered for an authority without account.

    Raises:
        NotAllowed: the actor is no regulator, or the authority handed the file in itself.
        NotFound: there is no receipt of this number.
        Conflict: it was undone or asked for already, or a later receipt builds on it.
        RuleBroken: no reason is given.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF)
    receipt = undoable(session, number, reason)
    if receipt.sender is None:
        raise NotAllowed("behalf.not_entered_here")
    if undo_asked(session, receipt):
        raise Conflict("behalf.undo_asked_already")
    words = reason.strip()[:LONGEST_REASON]
    asked = UndoRequest(
        receipt_id=receipt.id, reason=words, asked_by_id=actor.person_id or 0, asked_at=at
    )
    session.add(asked)
    session.flush()
    record(session, actor, "file.undo_asked", f"receipt:{number}", at, reason=words)


def undo_asked(session: Session, receipt: Receipt) -> UndoRequest | None:
    """Return who asked that a receipt be undone, and why; None if nobody did."""
    return session.scalar(select(UndoRequest).where(UndoRequest.receipt_id == receipt.id))


def waiting_to_be_undone(session: Session) -> list[tuple[Receipt, UndoRequest]]:
    """Return the receipts that somebody asked to be undone, the oldest request first."""
    asked = select(Receipt, UndoRequest).join(UndoRequest, UndoRequest.receipt_id == Receipt.id)
    return [(one, why) for one, why in session.execute(asked.order_by(UndoRequest.id))]


def agree_to_undo(session: Session, actor: Actor, number: str, at: datetime) -> Receipt:
    """Take back what another regulator asked to be taken back.

    Raises:
        NotAllowed: the actor is no regulator, or asked for it.
        NotFound: nobody asked.
        Conflict: a later receipt builds on it.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF)
    receipt, asked = _asked(session, number)
    if asked.asked_by_id == actor.person_id:
        raise NotAllowed("behalf.second_person_undoes")
    asker = session.get_one(Person, asked.asked_by_id).name
    undone(session, receipt, asked.reason, f"{asker}、{actor.name}", at)
    facts = {"accepted": receipt.accepted, "reason": receipt.undone_reason, "asked_by": asker}
    record(session, actor, "file.undone", f"receipt:{number}", at, **facts)
    return receipt


def drop_undo(session: Session, actor: Actor, number: str, at: datetime) -> None:
    """Let a file stand that somebody asked to be taken back.

    Raises:
        NotAllowed: the actor is no regulator.
        NotFound: nobody asked.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF)
    _, asked = _asked(session, number)
    session.delete(asked)
    record(session, actor, "file.undo_dropped", f"receipt:{number}", at)


def _asked(session: Session, number: str) -> tuple[Receipt, UndoRequest]:
    receipt = undoable(session, number, "-")
    asked = undo_asked(session, receipt)
    if asked is None:
        raise NotFound("intake.no_receipt")
    return receipt, asked
