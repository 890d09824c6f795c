"""The audit trail: newest first, by subject or act, and whether the chain is whole."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import ColumnElement, func, select

from portal.domain.people import Permission
from portal.store.audit import AuditEvent, first_break
from portal.store.institutions import Institution
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.regulator.audit_words import fact_words, thing_words, told_by

_PER_PAGE = 50
_CHECKED_AT_ONCE = 2_000
_BIGINT = 18


@allowed(Permission.SEE_AUDIT)
def show() -> str:
    """Show one page of the trail; ``before`` is the id of the last event already seen."""
    subject = request.args.get("subject", "").strip()
    act = request.args.get("act", "").strip()
    before = request.args.get("before", "")
    found = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(_PER_PAGE + 1)
    if act:
        found = found.where(AuditEvent.act == act)
    older = before.isdecimal() and before.isascii() and len(before) <= _BIGINT
    if older:
        found = found.where(AuditEvent.id < int(before))
    with look() as a:
        if subject:
            found = found.where(_about(a, subject))
        events = list(a.session.scalars(found))
        page, more = events[:_PER_PAGE], events[_PER_PAGE:]
        kept: dict[str, Any] = {"subject": subject or None, "act": act or None}
        return render_template(
            "regulator/audit.html",
            events=[
                (e, told_by(e.by), thing_words(e.subject), fact_words(a, e.facts)) for e in page
            ],
            subject=subject,
            act=act,
            acts=_acts(a),
            chain=_chain(a),
            first=url_for("regulator.audit", **kept) if older else None,
            next=url_for("regulator.audit", **kept, before=page[-1].id) if more else None,
        )


def _about(a: Act, typed: str) -> ColumnElement[bool]:
    """Return what is about the subject ``kind:key``, or has the typed part of a code or name."""
    if ":" in typed:
        return AuditEvent.subject == typed
    of_name = select(Institution.code).where(Institution.name.contains(typed, autoescape=True))
    subjects = [f"institution:{code}" for code in a.session.scalars(of_name)]
    told = AuditEvent.subject.icontains(typed, autoescape=True)
    return told | AuditEvent.subject.in_(subjects) | AuditEvent.by.contains(typed, autoescape=True)


def _acts(a: Act) -> list[str]:
    return sorted(a.session.scalars(select(AuditEvent.act).distinct()))


def _chain(a: Act) -> dict[str, int | None]:
    """Return how many events there are and, where it was checked, the first that does not follow.

    A long trail is read only when it is asked for; ``checked`` is then the number of events.
    """
    count = a.session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    if count > _CHECKED_AT_ONCE and "check" not in request.args:
        return {"count": count, "checked": None, "broken": None}
    return {"count": count, "checked": count, "broken": first_break(a.session)}
