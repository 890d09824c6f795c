"""Evidence to a report: files put beside its answers, taken out again, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from sqlalchemy.orm import Session

from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.report_reviews import report_to_review
from portal.domain.answers import storable, tidy
from portal.domain.errors import Conflict, NotFound, NotYours, RuleBroken
from portal.domain.evidence import Evidence
from portal.domain.identity import hidden
from portal.domain.people import Actor, Permission
from portal.rules.clocks import Attachments
from portal.rules.form import FormSection, Item
from portal.store.attachments import (
    Attachment,
    attachment_numbered,
    is_bound,
    is_named,
    reports_on,
)
from portal.store.audit import record
from portal.store.files import keep_file

_LONGEST_NAME = 80
_LONG_NUMBER = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file as it was sent: what it is, what its sender called it, and what it proves.

    ``path`` is section.item; ``row_name`` the first column of a row, empty for the whole answer.
    """

    evidence: Evidence
    name: str
    path: str
    row_name: str = ""


def places_for(section: FormSection) -> tuple[Item, ...]:
    """Return the items of a section that a scan or photo may prove."""
    return tuple(item for item in section.items if item.evidence)


def attach(
    session: Session,
    actor: Actor,
    filing: Filing,
    new: NewFile,
    keeping: Keeping,
) -> Attachment:
    """Keep a file beside an answer of the institution's next version; the same one only once.

    Raises:
        Conflict: a version is with the regulator.
        RuleBroken: it proves nothing that is asked for, or there are too many files.

    """
    actor.require(Permission.FILE_REPORT)
    _require_open(filing)
    _require_place(filing, new)
    same = [file for file in filing.files if file.sha256 == new.evidence.sha256]
    for file in same:
        if (file.path, file.row_name) == (new.path, new.row_name):
            return file
    if len(filing.files) >= keeping.limits.max_files:
        raise RuleBroken("attachment.too_many", None, most=keeping.limits.max_files)
    row = _row(actor, filing, new, keeping)
    session.add(row)
    session.flush()
    facts = {"period": row.period, "path": row.path, "sha256": row.sha256, "file": row.id}
    record(
        session,
        actor,
        "report.attach",
        f"institution:{filing.institution.code}",
        row.added_at,
        **facts,
    )
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where files are kept, under which limits, and when."""

    data_dir: Path
    limits: Attachments
    at: datetime


def take_out(
    session: Session, actor: Actor, filing: Filing, number: int, *, at: datetime
) -> str | None:
    """Take a file out of the next version; return the file's name if nothing needs it any more.

    Raises:
        Conflict: a version is with the regulator.
        NotFound: there is no such file in this report.

    """
    actor.require(Permission.FILE_REPORT)
    _require_open(filing)
    row = next((file for file in filing.files if file.id == number), None)
    if row is None:
        own_file(session, actor, number)
        raise NotFound("attachment.none_such")
    facts = {"period": row.period, "path": row.path, "sha256": row.sha256, "file": row.id}
    record(session, actor, "report.detach", f"institution:{filing.institution.code}", at, **facts)
    if is_bound(session, row):
        row.is_current = False
        return None
    session.delete(row)
    session.flush()
    return None if is_named(session, row.file) else row.file


def carry_over(session: Session, filing: Filing, files: Iterable[Attachment]) -> None:
    """Let the next version rest on the same files as an earlier one."""
    for file in files:
        session.add(
            Attachment(
                file=file.file,
                institution_id=file.institution_id,
                period=filing.period.period,
                path=file.path,
                row_name=file.row_name,
                kind=file.kind,
                name=file.name,
                bytes=file.bytes,
                pages=file.pages,
                width=file.width,
                height=file.height,
                sha256=file.sha256,
                added_by=file.added_by,
                added_at=file.added_at,
            )
        )


def own_file(session: Session, actor: Actor, number: int) -> Attachment:
    """Return a file of the person's own institution.

    Raises:
        NotFound: there is none.
        NotYours: it is another institution's.

    """
    actor.require(Permission.FILE_REPORT)
    row = _file(session, number)
    if row.institution_id != actor.institution_id:
        raise _foreign(row)
    return row


def submitted_file(session: Session, actor: Actor, number: int) -> Attachment:
    """Return a file that a submitted version rests on, of an institution this person oversees.

    Raises:
        NotFound: there is none.
        NotYours: it was never submitted, or it is of another area.

    """
    actor.require(Permission.REVIEW_REPORT)
    row = _file(session, number)
    numbers = reports_on(session, row)
    if not numbers:
        raise _foreign(row)
    report_to_review(session, actor, numbers[0])
    return row


def _file(session: Session, number: int) -> Attachment:
    row = attachment_numbered(session, number)
    if row is None:
        raise NotFound("attachment.none_such")
    return row


def _foreign(row: Attachment) -> NotYours:
    return NotYours("attachment.none_such", f"attachment:{row.id}")


def _require_open(filing: Filing) -> None:
    if not filing.is_open:
        raise Conflict("attachment.closed")


def _require_place(filing: Filing, new: NewFile) -> None:
    key, _, item = new.path.partition(".")
    section = filing.form.section(key)
    known = {one.key for one in places_for(section)} if section else set()
    if item not in known or not storable(new.row_name):
        raise RuleBroken("attachment.no_place")


def _row(actor: Actor, filing: Filing, new: NewFile, keeping: Keeping) -> Attachment:
    evidence = new.evidence
    return Attachment(
        file=keep_file(keeping.data_dir, evidence.content),
        institution_id=filing.institution.id,
        period=filing.period.period,
        path=new.path,
        row_name=new.row_name[:_LONGEST_NAME],
        kind=evidence.kind,
        name=shown_name(new.name, evidence.kind),
        bytes=len(evidence.content),
        pages=evidence.pages,
        width=evidence.width,
        height=evidence.height,
        sha256=evidence.sha256,
        added_by=actor.name,
        added_at=keeping.at,
    )


def shown_name(name: str, kind: str) -> str:
    """Return what people see of a file's name: no folder, no sign that acts, no long number.

    Names of scans tend to bear identity numbers.
    """
    last = PurePath(tidy(name).replace("\\", "/").replace("\0", "")).stem
    kept = "".join(sign if sign.isalnum() or sign in " -_（）()" else "_" for sign in last)
    parts = (hidden(part) if _is_long_number(part) else part for part in kept.split("_"))
    return f"{'_'.join(parts).strip(' ._')[:_LONGEST_NAME] or 'scan'}.{kind}"


def _is_long_number(part: str) -> bool:
    digits = sum(sign.isdigit() for sign in part)
    return digits >= _LONG_NUMBER
