"""Public notices as they stand on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.store.notices import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHead:
    """A notice in a list; ``title_en`` None where nobody gave one."""

    id: int
    title: str
    title_en: str | None
    published_on: date


def notices_on(session: Session, day: date, most: int = 50) -> list[NoticeHead]:
    """Return the notices public on ``day``, newest first."""
    columns = (Notice.id, Notice.title, Notice.title_en, Notice.published_on)
    wanted = select(*columns).where(
        Notice.published_on <= day, or_(Notice.withdrawn_on.is_(None), Notice.withdrawn_on > day)
    )
    newest = wanted.order_by(Notice.published_on.desc(), Notice.id.desc()).limit(most)
    return [
        NoticeHead(id=number, title=title, title_en=title_en, published_on=on)
        for number, title, title_en, on in session.execute(newest)
    ]
