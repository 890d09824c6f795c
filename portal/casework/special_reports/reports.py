"""Filing the special report (专项报告): its periods, its drafts, and the versions handed in.

Late is judged by the office's date: a report handed in on the due day is on time until midnight
there. It is never refused for being late. A version that corrects one handed in on time is on time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.casework.special_reports.evidence import carry_over
from portal.casework.special_reports.filing import Filing
from portal.domain.answers import storable, tidy
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.reports import (
    Content,
    Fault,
    Typed,
    faults_in,
    fingerprint,
    mark_of,
    read_report,
    typed_report,
    unstorable,
)
from portal.rules.form import FormSection
from portal.store.attachments import attachments_of, bind
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.reports import (
    ReportDraft,
    SpecialReport,
    last_accepted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """One section as somebody leaves it; ``seen`` is the mark of the section they started from."""

    section: FormSection
    typed: Mapping[str, Any]
    seen: str
    is_done: bool


def save_draft(
    session: Session, actor: Actor, filing: Filing, saved: Saved, *, at: datetime
) -> ReportDraft:
    """Keep one section as it was left; it may be unfinished unless it is said to be done.

    Raises:
        Conflict: a version is with the regulator, or somebody saved the section meanwhile.
        RuleBroken: the answers cannot be kept, or are said to be done and have faults.

    """
    _require_own(actor, filing)
    _require_open(filing)
    section = saved.section
    typed = filing.tidied(section, saved.typed)
    _refuse("report.faulty", unstorable(section, typed))
    if saved.is_done:
        _refuse("report.faulty", faults_in(section, typed, filing.find, complete=True))
    before = filing.typed.get(section.key, {})
    if saved.seen != mark_of(before) != mark_of(typed):
        raise Conflict("report.stale", **_last_saved(filing))
    done = [key for key in filing.done if key != section.key] + [section.key] * saved.is_done
    content = {**filing.typed, section.key: typed}
    return _keep(session, actor, filing, (content, done, section.key), at)


def start_from_last(session: Session, actor: Actor, filing: Filing, *, at: datetime) -> ReportDraft:
    """Take the answers accepted last into every section that is still empty, to be read again.

    Raises:
        Conflict: a version was handed in, or no section is empty any more.
        NotFound: nothing was accepted yet.

    """
    _require_own(actor, filing)
    empty = untouched(filing)
    if not empty:
        raise Conflict("report.begun")
    last = last_accepted(session, filing.institution.id)
    if last is None:
        raise NotFound("report.nothing_accepted")
    begins = tuple(f"{key}." for key in empty)
    files = (one for one in attachments_of(session, last.id) if one.path.startswith(begins))
    carry_over(session, filing, files)
    before = typed_report(filing.form, last.content)
    content = {**filing.typed, **{key: before[key] for key in empty}}
    return _keep(session, actor, filing, (content, list(filing.done), "*"), at)


def untouched(filing: Filing) -> tuple[str, ...]:
    """Return the sections in which nothing stands; none once a version was handed in."""
    if filing.latest is not None:
        return ()
    return tuple(
        section.key
        for section in filing.form.sections
        if not any(filing.typed.get(section.key, {}).values())
        and not filing.has_faulty_sheet(section)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """When a report is handed in, and why a version that was accepted is handed in anew.

    ``kind`` is change or correction there, and ignored otherwise.
    """

    at: datetime
    day: date
    kind: str = ""
    words: str = ""


AMENDMENTS = ("change", "correction")
LONGEST_REASON = 500


def submit_report(session: Session, actor: Actor, filing: Filing, handed: HandIn) -> SpecialReport:
    """Hand in the draft as the next version, which never changes; the draft is gone.

    Raises:
        Conflict: it was handed in already.
        RuleBroken: a section is not done, or has faults; ``faults`` names every answer.

    """
    _require_own(actor, filing)
    if filing.draft is None or not filing.is_open:
        raise _already(filing)
    kind, why = _kind(filing, handed)
    report = _next_version(session, actor, filing, handed, _complete(filing, filing.draft))
    report.kind, report.kind_words = kind, why
    session.add(report)
    session.flush()
    bind(session, report.id, filing.files)
    session.delete(filing.draft)
    facts = {"version": report.version, "sha256": report.content_sha256, "late": report.is_late}
    told = {**facts, "report_kind": kind, "files": len(filing.files)}
    record(session, actor, "report.submit", f"report:{report.receipt_no}", handed.at, **told)
    return report


def _complete(filing: Filing, draft: ReportDraft) -> Content:
    content, faults = read_report(filing.form, filing.typed, filing.find)
    _refuse("report.incomplete", faults)
    unfinished = {
        section.key: "report.not_done"
        for section in filing.form.sections
        if section.key not in draft.done or filing.has_faulty_sheet(section)
    }
    if unfinished:
        raise RuleBroken("report.incomplete", unfinished)
    return content


def _kind(filing: Filing, handed: HandIn) -> tuple[str, str | None]:
    """Return what kind of report the next version is, and why it is handed in anew."""
    if not filing.amends:
        latest = filing.latest
        return (latest.kind, latest.kind_words) if latest else ("periodic", None)
    why = tidy(handed.words, lines=True)
    faults = {} if handed.kind in AMENDMENTS else {"kind": "report.no_kind"}
    if not why:
        faults["why"] = "report.no_reason"
    elif not storable(why) or len(why) > LONGEST_REASON:
        faults["why"] = "report.reason_too_long"
    if faults:
        raise RuleBroken("report.amend_unsaid", faults)
    return handed.kind, why


def _next_version(
    session: Session, actor: Actor, filing: Filing, handed: HandIn, content: Content
) -> SpecialReport:
    latest = filing.latest
    return SpecialReport(
        receipt_no=_receipt_no(session, filing.institution, handed.day),
        institution_id=filing.institution.id,
        period=filing.period.period,
        version=latest.version + 1 if latest else 1,
        form=filing.form.version,
        content=content,
        content_sha256=fingerprint(content, (file.sha256 for file in filing.files)),
        is_late=latest.is_late if latest else handed.day > filing.due_on,
        submitted_by=actor.name,
        submitted_at=handed.at,
        state="submitted",
    )


def _require_own(actor: Actor, filing: Filing) -> None:
    actor.require(Permission.FILE_REPORT)
    if not actor.allowed_all and actor.institution_id != filing.institution.id:
        raise NotFound("report.no_such_period")


def _require_open(filing: Filing) -> None:
    if not filing.is_open:
        raise _already(filing)


def _already(filing: Filing) -> Conflict | RuleBroken:
    if filing.latest is None:
        return RuleBroken("report.nothing_to_submit")
    return Conflict(
        "report.already_submitted",
        receipt_no=filing.latest.receipt_no,
        by=filing.latest.submitted_by,
    )


def _refuse(key: str, faults: tuple[Fault, ...]) -> None:
    if faults:
        raise RuleBroken(key, {fault.path: fault.key for fault in faults})


def _last_saved(filing: Filing) -> dict[str, object]:
    saved = filing.draft
    by = saved.saved_by if saved else filing.latest.submitted_by if filing.latest else ""
    return {"by": by}


Kept = tuple[Typed, list[str], str]


def _keep(session: Session, actor: Actor, filing: Filing, kept: Kept, at: datetime) -> ReportDraft:
    content, done, section = kept
    draft = filing.draft
    if draft is not None and (draft.content, sorted(draft.done)) == (content, sorted(done)):
        return draft
    if draft is None:
        draft = ReportDraft(
            institution_id=filing.institution.id,
            period=filing.period.period,
            form=filing.form.version,
            content=content,
            done=done,
            revision=0,
            saved_by=actor.name,
            saved_at=at,
        )
        session.add(draft)
    draft.content, draft.done, draft.saved_by, draft.saved_at = content, done, actor.name, at
    draft.revision += 1
    subject = f"institution:{filing.institution.code}"
    facts = {"period": draft.period, "section": section, "revision": draft.revision}
    record(session, actor, "report.save", subject, at, **facts)
    return draft


def _receipt_no(session: Session, institution: Institution, day: date) -> str:
    # Unique because the institution's row is locked while one of its reports is handed in.
    before = session.scalar(
        select(func.count()).where(SpecialReport.institution_id == institution.id)
    )
    return f"SR-{day:%Y%m%d}-{institution.id:04d}-{(before or 0) + 1:02d}"
