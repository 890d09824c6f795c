"""Evidence to a report: files under neutral names, and the submitted versions that rest on them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.store.base import At, Digest, InstitutionKey, Key, Name, PeriodText, Table, Word
from portal.store.reports import SpecialReport


class Attachment(Table, kw_only=True):
    """One file. ``path`` is section.item; ``row_name`` the first column of the row it proves.

    ``row_name`` is empty where it proves the answer, or the table, as a whole. ``is_current`` is
    false once the institution took it out: versions that were submitted with it keep it.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_report", "institution_id", "period", "is_current"),)

    id: Mapped[Key] = mapped_column(init=False)
    file: Mapped[str] = mapped_column(String(32), index=True)
    institution_id: Mapped[InstitutionKey]
    period: Mapped[PeriodText]
    path: Mapped[str] = mapped_column(String(120))
    row_name: Mapped[Name]
    kind: Mapped[Word]
    name: Mapped[Name]
    bytes: Mapped[int]
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    sha256: Mapped[Digest]
    added_by: Mapped[Name]
    added_at: Mapped[At]
    is_current: Mapped[bool] = mapped_column(default=True)


class ReportAttachment(Table, kw_only=True):
    """That a submitted version rests on a file."""

    __tablename__ = "report_attachment"

    report_id: Mapped[int] = mapped_column(ForeignKey(SpecialReport.id), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(
        ForeignKey(Attachment.id), primary_key=True, index=True
    )


def attachments_to(session: Session, institution_id: int, period: str) -> list[Attachment]:
    """Return the files that the institution's next version for a period would rest on."""
    mine = select(Attachment).where(
        Attachment.institution_id == institution_id,
        Attachment.period == period,
        Attachment.is_current,
    )
    return list(session.scalars(mine.order_by(Attachment.id)))


def attachments_of(session: Session, report_id: int) -> list[Attachment]:
    """Return the files that a submitted version rests on."""
    on = ReportAttachment.attachment_id == Attachment.id
    mine = select(Attachment).join(ReportAttachment, on)
    return list(
        session.scalars(mine.where(ReportAttachment.report_id == report_id).order_by(Attachment.id))
    )


def attachment_numbered(session: Session, number: int) -> Attachment | None:
    """Return a file; None when there is none of that number."""
    return session.get(Attachment, number)


def bind(session: Session, report_id: int, files: Iterable[Attachment]) -> None:
    """Let a submitted version rest on these files."""
    session.add_all(ReportAttachment(report_id=report_id, attachment_id=file.id) for file in files)


def is_bound(session: Session, attachment: Attachment) -> bool:
    """Tell whether a submitted version rests on the file."""
    asked = select(func.count()).where(ReportAttachment.attachment_id == attachment.id)
    return bool(session.scalar(asked))


def is_named(session: Session, file: str) -> bool:
    """Tell whether any row names that file."""
    return bool(session.scalar(select(func.count()).where(Attachment.file == file)))


def reports_on(session: Session, attachment: Attachment) -> list[str]:
    """Return the receipt numbers of the versions that rest on the file, newest first."""
    asked = (
        select(SpecialReport.receipt_no)
        .join(ReportAttachment, ReportAttachment.report_id == SpecialReport.id)
        .where(ReportAttachment.attachment_id == attachment.id)
    )
    return list(session.scalars(asked.order_by(SpecialReport.id.desc())))
