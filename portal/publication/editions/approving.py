"""Drafts and approvals: what is kept of them, and what still stands in the way of sealing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound
from portal.domain.people import GRANTS, Actor, Permission
from portal.publication.editions.composing import Draft
from portal.publication.editions.datapackage import PACKAGE
from portal.publication.editions.differences import CHANGES
from portal.store.audit import record
from portal.store.editions import Edition, EditionApproval
from portal.store.factual_checks import FigureCheck
from portal.store.people import Person

APPROVALS = 2
_LOCK = "SELECT pg_advisory_xact_lock(310108)"


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval of the present draft; ``holds``: the person may still seal."""

    person_id: int
    name: str
    at: datetime
    holds: bool


def keep_draft(session: Session, actor: Actor, draft: Draft, at: datetime) -> Edition:
    """Keep a computed draft: in place of its period's open draft, else under the next number.

    Approvals of an earlier draft no longer count, because they name its hash.

    Raises:
        NotAllowed: the person may not compose.
        Conflict: the period was sealed already, and nothing has changed since.

    """
    actor.require(Permission.COMPOSE_EDITION)
    one_at_a_time(session)
    period = str(draft.head["period"])
    kind = str(draft.head["kind"])
    same = (Edition.period == period, Edition.kind == kind, Edition.state == "draft")
    edition = session.scalar(select(Edition).where(*same))
    if edition is not None and edition.draft_sha256 == draft.sha256:
        return edition
    if edition is None:
        _refuse_the_same_again(session, draft)
        edition = _new(session, actor, draft, at)
    edition.draft_sha256 = draft.sha256
    edition.draft_members = draft.content
    edition.composed_by = actor.name
    edition.composed_at = at
    edition.why_zh, edition.why_en = draft.head["why_zh"], draft.head["why_en"]
    facts = {"period": period, "draft_sha256": draft.sha256}
    record(session, actor, "edition.composed", f"edition:{edition.number}", at, **facts)
    return edition


def drop_draft(session: Session, actor: Actor, number: int, shown: str, at: datetime) -> None:
    """Throw away the open draft with the highest number.

    Raises:
        NotAllowed: the person may not compose.
        NotFound: there is no such draft.
        Conflict: it has changed, or a later draft is open.

    """
    actor.require(Permission.COMPOSE_EDITION)
    one_at_a_time(session)
    edition = open_draft(session, number, shown)
    if session.scalar(select(func.max(Edition.number))) != number:
        raise Conflict("edition.later_draft", number=number)
    checks = select(FigureCheck).where(FigureCheck.edition_id == edition.id)
    for one in (*session.scalars(_approvals(edition)), *session.scalars(checks)):
        session.delete(one)
    session.flush()
    session.delete(edition)
    record(session, actor, "edition.dropped", f"edition:{number}", at, period=edition.period)


def approve(session: Session, actor: Actor, number: int, shown: str, at: datetime) -> None:
    """Approve the draft whose hash is ``shown``.

    Raises:
        NotAllowed: the person may not seal, or is none.
        NotFound: there is no such draft.
        Conflict: the draft has changed since it was shown, or is sealed.

    """
    actor.require(Permission.SEAL_EDITION)
    one_at_a_time(session)
    edition = open_draft(session, number, shown)
    if actor.person_id is None:
        raise NotFound("edition.approver_unknown")
    approval = session.scalar(
        _approvals(edition).where(EditionApproval.person_id == actor.person_id)
    )
    if approval is None:
        approval = EditionApproval(
            edition_id=edition.id, person_id=actor.person_id, draft_sha256="", at=at
        )
        session.add(approval)
    if approval.draft_sha256 == edition.draft_sha256:
        return
    approval.draft_sha256 = edition.draft_sha256
    approval.at = at
    draft = edition.draft_sha256
    record(session, actor, "edition.approved", f"edition:{number}", at, draft_sha256=draft)


def approvals_of(session: Session, edition: Edition) -> list[Approval]:
    """Return who approved the present draft, in the order of approval."""
    asked = (
        select(EditionApproval, Person)
        .join(Person, Person.id == EditionApproval.person_id)
        .where(
            EditionApproval.edition_id == edition.id,
            EditionApproval.draft_sha256 == edition.draft_sha256,
        )
        .order_by(EditionApproval.at, EditionApproval.id)
    )
    return [
        Approval(person.id, person.name, approval.at, may_seal(person))
        for approval, person in session.execute(asked)
    ]


def may_seal(person: Person) -> bool:
    """Tell whether a person is still there and may seal."""
    roles = {role.value for role in GRANTS[Permission.SEAL_EDITION]}
    return person.ended_at is None and person.role in roles


def open_draft(session: Session, number: int, shown: str | None = None) -> Edition:
    """Return the draft ``number``; ``shown`` is the hash that the person has seen.

    Raises:
        NotFound: there is no such edition.
        Conflict: it is sealed, or has changed since it was shown.

    """
    edition = session.scalar(select(Edition).where(Edition.number == number))
    if edition is None:
        raise NotFound("edition.unknown", number=number)
    if edition.state != "draft":
        by, at = "、".join(edition.sealed_by) or "operator", edition.sealed_at
        raise Conflict("edition.sealed_already", number=number, by=by, at=at)
    if shown is not None and shown != edition.draft_sha256:
        raise Conflict("edition.changed", number=number, by=edition.composed_by)
    return edition


def one_at_a_time(session: Session) -> None:
    """Wait until nobody else acts on editions; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(_LOCK))


def _refuse_the_same_again(session: Session, draft: Draft) -> None:
    asked = select(Edition).where(
        Edition.period == str(draft.head["period"]),
        Edition.kind == draft.head["kind"],
        Edition.state == "sealed",
    )
    last = session.scalar(asked.order_by(Edition.number.desc()).limit(1))
    if last is not None and _same(Draft(last.draft_members), draft):
        raise Conflict("edition.nothing_new", number=last.number, period=last.period)


def _same(sealed: Draft, draft: Draft) -> bool:
    """Tell whether a draft says nothing new; what the sealed one changed itself does not count."""
    past, now = sealed.members, draft.members
    return sealed.head["withdraws"] == draft.head["withdraws"] and all(
        past.get(name) == content
        for name, content in now.items()
        if name not in {CHANGES.path, PACKAGE}
    )


def _new(session: Session, actor: Actor, draft: Draft, at: datetime) -> Edition:
    edition = Edition(
        number=(session.scalar(select(func.max(Edition.number))) or 0) + 1,
        period=str(draft.head["period"]),
        kind=str(draft.head["kind"]),
        withdraws=draft.head["withdraws"],
        state="draft",
        composed_by=actor.name,
        composed_at=at,
        draft_sha256=draft.sha256,
        draft_members=draft.content,
    )
    session.add(edition)
    session.flush()
    return edition


def _approvals(edition: Edition) -> Select[EditionApproval]:
    return select(EditionApproval).where(EditionApproval.edition_id == edition.id)
