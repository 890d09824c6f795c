"""Public notices: written as a draft, published on a day, withdrawn with a reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.store.audit import record
from portal.store.notices import KINDS, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a notice says; English only if it was written."""

    kind: str = "notice"
    title: str
    title_en: str | None = None
    document_no: str | None = None
    body: str
    body_en: str | None = None


def write_notice(session: Session, actor: Actor, text: Text, *, at: datetime) -> Notice:
    """Write a draft that nobody outside sees.

    Raises:
        RuleBroken: title or text is missing, or the English has only one of them.

    """
    actor.require(Permission.WRITE_NOTICE)
    _require_sound(text)
    notice = Notice(**asdict(text), written_by=actor.name, written_at=at)
    session.add(notice)
    session.flush()
    record(session, actor, "notice.written", _subject(notice), at, title=notice.title)
    return notice


def rewrite_notice(
    session: Session, actor: Actor, notice_id: int, text: Text, *, at: datetime
) -> Notice:
    """Change a draft; what is published stays as it was published.

    Raises:
        NotFound: there is no such notice.
        Conflict: it is published.
        RuleBroken: title or text is missing, or the English has only one of them.

    """
    notice = _draft(session, actor, notice_id)
    _require_sound(text)
    for name, value in asdict(text).items():
        setattr(notice, name, value)
    notice.written_by, notice.written_at = actor.name, at
    record(session, actor, "notice.rewritten", _subject(notice), at, title=notice.title)
    return notice


def publish_notice(
    session: Session, actor: Actor, notice_id: int, on: date, *, today: date, at: datetime
) -> Notice:
    """Publish a draft on a day, today or later.

    Raises:
        NotFound: there is no such notice.
        Conflict: it is published.
        RuleBroken: the day is over.

    """
    notice = _draft(session, actor, notice_id)
    if on < today:
        raise RuleBroken("notices.refused", {"on": "notices.day_over"})
    notice.published_on, notice.published_by = on, actor.name
    facts = {"title": notice.title, "on": on.isoformat()}
    record(session, actor, "notice.published", _subject(notice), at, **facts)
    return notice


def withdraw_notice(
    session: Session, actor: Actor, notice_id: int, reason: str, *, today: date, at: datetime
) -> Notice:
    """Take a notice down today with a reason that its address tells.

    One that was to be published later becomes a draft again.

    Raises:
        NotFound: there is no such notice.
        Conflict: it is not published, or withdrawn already.
        RuleBroken: no reason is given.

    """
    notice = _found(session, actor, notice_id)
    if notice.published_on is None or notice.withdrawn_on is not None:
        raise Conflict("notices.not_published")
    if not reason.strip():
        raise RuleBroken("notices.refused", {"reason": "notices.reason_missing"})
    if notice.published_on > today:
        notice.published_on = notice.published_by = None
    else:
        notice.withdrawn_on, notice.withdraw_reason = today, reason.strip()
    facts = {"title": notice.title, "reason": reason.strip()}
    record(session, actor, "notice.withdrawn", _subject(notice), at, **facts)
    return notice


def drop_notice(session: Session, actor: Actor, notice_id: int, *, at: datetime) -> None:
    """Throw a draft away.

    Raises:
        NotFound: there is no such notice.
        Conflict: it is published.

    """
    notice = _draft(session, actor, notice_id)
    session.delete(notice)
    record(session, actor, "notice.dropped", _subject(notice), at, title=notice.title)


def _draft(session: Session, actor: Actor, notice_id: int) -> Notice:
    notice = _found(session, actor, notice_id)
    if notice.published_on is not None:
        raise Conflict("notices.published_already")
    return notice


def _found(session: Session, actor: Actor, notice_id: int) -> Notice:
    actor.require(Permission.WRITE_NOTICE)
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update(key_share=True)
    notice = session.scalar(wanted)
    if notice is None:
        raise NotFound("notices.unknown")
    return notice


def _require_sound(text: Text) -> None:
    faults = {
        "kind": None if text.kind in KINDS else "notices.kind_unknown",
        "title": None if text.title.strip() else "notices.title_missing",
        "body": None if text.body.strip() else "notices.body_missing",
        "title_en": "notices.english_half" if text.body_en and not text.title_en else None,
        "body_en": "notices.english_half" if text.title_en and not text.body_en else None,
    }
    found = {field: key for field, key in faults.items() if key}
    if found:
        raise RuleBroken("notices.refused", found)


def _subject(notice: Notice) -> str:
    return f"notice:{notice.id}"
