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
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.casework.filing import Filing
from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.people import Actor, Permission
from portal.domain.period import Period
from portal.domain.reports import (
    Fault,
    Typed,
    digest,
    faults_in,
    mark_of,
    read_report,
    tidied,
    typed_report,
    unstorable,
)
from portal.rules.form import FormSection, ReportForm
from portal.store.audit import record
from portal.store.institutions import Institution
from portal.store.reports import (
    ReportDraft,
    ReportingPeriod,
    SpecialReport,
    last_accepted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a regulator fixes for a reporting period; ``due_on`` is the last day on time."""

    period: str
    opens_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """One section as somebody leaves it; ``seen`` is the mark of the section they started from."""

    section: FormSection
    typed: Mapping[str, Any]
    seen: str
    is_done: bool


def open_reporting_period(
    session: Session, actor: Actor, opening: Opening, *, form: ReportForm, at: datetime
) -> ReportingPeriod:
    """Let every institution report for a period.

    Raises:
        Conflict: it is open already.
        RuleBroken: the period or its days make no sense.

    """
    actor.require(Permission.REVIEW_REPORT)
    faults = _faults_of(opening)
    if faults:
        raise RuleBroken("report.period_wrong", faults)
    row = ReportingPeriod(
        period=opening.period,
        form=form.version,
        opens_on=opening.opens_on,
        due_on=opening.due_on,
        opened_by=actor.name,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("report.period_open", period=opening.period) from error
    days = {"opens_on": str(row.opens_on), "due_on": str(row.due_on), "form": row.form}
    record(session, actor, "report.open_period", f"period:{row.period}", at, **days)
    return row


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
    typed = tidied(section, saved.typed, filing.find)
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
    """Begin the period's draft with the answers accepted last; every section is to be read again.

    Raises:
        Conflict: the report was begun already.
        NotFound: nothing was accepted yet.

    """
    _require_own(actor, filing)
    if filing.draft is not None or filing.latest is not None:
        raise Conflict("report.begun")
    last = last_accepted(session, filing.institution.id)
    if last is None:
        raise NotFound("report.nothing_accepted")
    return _keep(session, actor, filing, (typed_report(filing.form, last.content), [], "*"), at)


def submit_report(
    session: Session, actor: Actor, filing: Filing, *, at: datetime, day: date
) -> SpecialReport:
    """Hand in the draft as the next version, which never changes; the draft is gone.

    Raises:
        Conflict: it was handed in already.
        RuleBroken: a section is not done, or has faults; ``faults`` names every answer.

    """
    _require_own(actor, filing)
    draft = filing.draft
    if draft is None or not filing.is_open:
        raise _already(filing)
    content, faults = read_report(filing.form, filing.typed, filing.find)
    _refuse("report.incomplete", faults)
    unfinished = {s.key: "report.not_done" for s in filing.form.sections if s.key not in draft.done}
    if unfinished:
        raise RuleBroken("report.incomplete", unfinished)
    report = SpecialReport(
        receipt_no=_receipt_no(session, filing.institution, day),
        institution_id=filing.institution.id,
        period=filing.period.period,
        version=filing.latest.version + 1 if filing.latest else 1,
        form=filing.form.version,
        content=content,
        content_sha256=digest(content),
        is_late=filing.latest.is_late if filing.latest else day > filing.period.due_on,
        submitted_by=actor.name,
        submitted_at=at,
        state="submitted",
    )
    session.add(report)
    session.delete(draft)
    facts = {"version": report.version, "sha256": report.content_sha256, "late": report.is_late}
    record(session, actor, "report.submit", f"report:{report.receipt_no}", at, **facts)
    return report


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


def _faults_of(opening: Opening) -> dict[str, str]:
    faults = {}
    try:
        Period.parse(opening.period)
    except ValueError:
        faults["period"] = "report.no_such_length"
    if opening.due_on < opening.opens_on:
        faults["due_on"] = "report.due_before_open"
    return faults
