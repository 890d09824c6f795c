"""What happens to the problem list, written into the chain: listings, and ends of whatever kind."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.cases import CaseState, last_limit
from portal.store.cases import CaseFile
from portal.store.chain import ListEvent, append_event, forget, one_writer
from portal.store.institutions import Institution, Unit

EXPIRED = "expired"


def settle_list(session: Session, day: date, at: datetime) -> None:
    """Write every listing and every end up to ``day`` that the chain does not hold yet.

    An entry also ends without anybody's act, on its last day; that is written at the next act.
    """
    one_writer(session)
    session.flush()
    known = {(no, kind) for no, kind in session.execute(_events())}
    for case, subject in session.execute(_published()):
        no = case.listing_no or ""
        if (no, "listed") not in known:
            _tell_listed(session, case, subject, at)
        if last_limit(case) <= day and (no, "delisted") not in known:
            reason = end_reason(case)
            append_event(session, "delisted", no, last_limit(case), at, reason=reason)
            forget(session, no)


def end_reason(case: CaseFile) -> str:
    """Return why an entry that has ended did: repaired, withdrawn, quashed or expired."""
    off = last_limit(case)
    early = off in (case.ended_on, case.withdraw_until_on)
    return case.end_reason or EXPIRED if early else EXPIRED


def _tell_listed(session: Session, case: CaseFile, subject: str, at: datetime) -> None:
    append_event(
        session,
        "listed",
        case.listing_no or "",
        case.publish_from_on or date.min,
        at,
        subject=subject,
        ground=case.ground,
        severity=case.severity,
        decision_no=case.decision_no,
        until=case.publish_until_on.isoformat() if case.publish_until_on else None,
    )


def _published() -> Select[CaseFile, str]:
    subject = func.coalesce(Institution.code, Unit.code)
    return (
        select(CaseFile, subject)
        .outerjoin(Institution, Institution.id == CaseFile.institution_id)
        .outerjoin(Unit, Unit.id == CaseFile.unit_id)
        .where(CaseFile.state == CaseState.PUBLISHED, CaseFile.publish_from_on.is_not(None))
        .order_by(CaseFile.publish_from_on, CaseFile.id)
    )


def _events() -> Select[str, str]:
    return select(ListEvent.listing_no, ListEvent.kind)
