"""Special reports of the invented world: filed, reviewed, returned, late, or not yet begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.casework.special_reports.evidence import Keeping, NewFile, attach
from portal.casework.special_reports.filing import Filing, Reading, filing_of
from portal.casework.special_reports.report_reviews import (
    Acceptance,
    accept_report,
    return_report,
    start_review,
)
from portal.casework.special_reports.reporting import Opening, open_reporting_period
from portal.casework.special_reports.reports import (
    HandIn,
    Saved,
    save_draft,
    submit_report,
)
from portal.demonstration.answers import typed_report
from portal.demonstration.cast import CHANGED, CLOSED, EXEMPT, NEWEST, Player
from portal.demonstration.papers import paper, photo
from portal.demonstration.script import Calendar, chance
from portal.domain.evidence import examined
from portal.domain.identity import Seal
from portal.domain.people import Actor
from portal.domain.period import Period
from portal.domain.report_review import Proof
from portal.domain.reports import mark_of
from portal.rules.catalogue import catalogue
from portal.rules.rulebook import rules_on

_OPEN_DAYS = 31
_REVIEW_DAYS = 6
_LATE_DAYS = 9
_CHANGED_LATER = 14
_MORE_SEATS, _MORE_M2 = 20, 36
_WITH_PAPERS = 10
"""So many institutions, the first ones, put evidence beside their answers."""
_SEEN = (Proof.SEEN_ON_SITE, Proof.DOCUMENT_SEEN, Proof.DOCUMENT_SEEN, Proof.DECLARED)
_LATE, _RETURNED, _WAITING, _WAITING_TOO, _DRAFT, _NOTHING = 4, 1, 2, 9, 12, 15


@dataclass(frozen=True, slots=True)
class Hands:
    """Who files and who reviews, how identity numbers are sealed, where files are kept.

    The clerks stand by the code of their institution.
    """

    clerks: dict[str, Actor]
    regulator: Actor
    seal: Seal
    data_dir: Path


def file_reports(
    session: Session, cast: Sequence[Player], hands: Hands, period: Period, calendar: Calendar
) -> None:
    """Let the world report for a period; in the newest one some are late, returned or missing."""
    opens_on = period.ends_on + timedelta(days=1)
    due_on = opens_on + timedelta(days=_OPEN_DAYS - 1)
    opening = Opening(period=str(period), opens_on=opens_on, due_on=due_on)
    form = rules_on(opens_on).report.form
    open_reporting_period(session, hands.regulator, opening, form=form, at=calendar.at(opens_on))
    session.flush()
    newest = period == calendar.last
    for player in cast:
        is_out = player.place in {CLOSED, NEWEST} or (newest and player.place == EXEMPT)
        if is_out or player.opened_on > opens_on:
            continue
        day = due_on - timedelta(days=1 + player.place % 20)
        if newest:
            _newest(session, hands, player, period, (day, calendar))
        else:
            _filed_and_accepted(session, hands, player, period, (day, calendar))


def _newest(
    session: Session, hands: Hands, player: Player, period: Period, when: tuple[date, Calendar]
) -> None:
    day, calendar = when
    recently = calendar.on - timedelta(days=2 + player.place % 5)
    too_late = day + timedelta(days=_LATE_DAYS + player.place % 20)
    told: dict[int, Callable[[], object]] = {
        _NOTHING: lambda: None,
        _DRAFT: lambda: _write(session, hands, player, period, when, done=4),
        _LATE: lambda: _file(session, hands, player, period, (too_late, calendar)),
        _WAITING: lambda: _file(session, hands, player, period, (recently, calendar)),
        _WAITING_TOO: lambda: _file(session, hands, player, period, (recently, calendar)),
        _RETURNED: lambda: _returned(session, hands, player, period, when),
    }
    told[CHANGED] = lambda: _accepted_and_changed(session, hands, player, period, when)
    usual = partial(_filed_and_accepted, session, hands, player, period, when)
    told.get(player.place, usual)()


def _accepted_and_changed(
    session: Session, hands: Hands, player: Player, period: Period, when: tuple[date, Calendar]
) -> None:
    """File, have it accepted, and report a change of the classrooms two weeks later."""
    day, calendar = when
    _filed_and_accepted(session, hands, player, period, when)
    later = day + timedelta(days=_CHANGED_LATER)
    filing = _filing(session, hands, player, period)
    typed = dict(filing.typed["venues"])
    typed["classroom_seats"] = str(int(str(typed["classroom_seats"])) + _MORE_SEATS)
    typed["classroom_area_m2"] = str(round(float(str(typed["classroom_area_m2"])) + _MORE_M2))
    section = filing.form.sections[1]
    seen = mark_of(filing.typed["venues"])
    saved = Saved(section=section, typed=typed, seen=seen, is_done=True)
    clerk = hands.clerks[player.code]
    save_draft(session, clerk, filing, saved, at=calendar.at(later))
    session.flush()
    why = HandIn(at=calendar.at(later, 9), day=later, kind="change", words="新增一间理论教室。")
    report = submit_report(session, clerk, _filing(session, hands, player, period), why)
    session.flush()
    _accept(session, hands, player, (report.receipt_no, later, calendar, period))


def _returned(
    session: Session, hands: Hands, player: Player, period: Period, when: tuple[date, Calendar]
) -> None:
    day, calendar = when
    receipt = _file(session, hands, player, period, when)
    at = calendar.at(day + timedelta(days=_REVIEW_DAYS))
    start_review(session, hands.regulator, receipt, at=at)
    words = {
        "venues.venues.1": "租赁合同的到期日和上次报告不一致，请核对后附上新合同。",
        "report": "其余内容没有问题，改好这一项即可重新提交。",
    }
    return_report(session, hands.regulator, receipt, words, at=at)


def _filed_and_accepted(
    session: Session, hands: Hands, player: Player, period: Period, when: tuple[date, Calendar]
) -> None:
    day, calendar = when
    receipt = _file(session, hands, player, period, when)
    _accept(session, hands, player, (receipt, day, calendar, period))


def _accept(
    session: Session, hands: Hands, player: Player, filed: tuple[str, date, Calendar, Period]
) -> None:
    receipt, day, calendar, period = filed
    reviewed_on = min(day + timedelta(days=_REVIEW_DAYS), calendar.on)
    at = calendar.at(reviewed_on)
    start_review(session, hands.regulator, receipt, at=at)
    filing = _filing(session, hands, player, period)
    content = filing.latest.content if filing.latest else {}
    acceptance = Acceptance(proofs=_proofs(player, content), form=filing.form, day=reviewed_on)
    accept_report(session, hands.regulator, receipt, acceptance, at=at)
    session.flush()


def _proofs(player: Player, content: Mapping[str, Mapping[str, Any]]) -> dict[str, Proof]:
    dice = chance("proofs", player.code)
    paths: list[str] = []
    for section, answers in content.items():
        for item, value in answers.items():
            rows = len(value) if isinstance(value, list) else 0
            whole = f"{section}.{item}"
            paths += [f"{whole}.{number}" for number in range(1, rows + 1)] or [whole]
    return {path: dice.choice(_SEEN) for path in paths}


def _file(
    session: Session, hands: Hands, player: Player, period: Period, when: tuple[date, Calendar]
) -> str:
    day, calendar = when
    filing = _write(session, hands, player, period, when)
    if player.place < _WITH_PAPERS and period == calendar.last:
        filing = _with_papers(session, hands, player, filing, calendar.at(day, 45))
    clerk = hands.clerks[player.code]
    handed = HandIn(at=calendar.at(day, 50), day=day)
    report = submit_report(session, clerk, filing, handed)
    session.flush()
    return report.receipt_no


def _with_papers(
    session: Session, hands: Hands, player: Player, filing: Filing, at: datetime
) -> Filing:
    """Put invented evidence beside the first venue and the first teachers."""
    limits = rules_on(filing.period.opens_on).report.attachments
    keeping = Keeping(data_dir=hands.data_dir, limits=limits, at=at)
    teachers = filing.typed["teachers"]["teachers"]
    names = [str(row["name"]) for row in teachers[:2] if isinstance(row, dict)]
    for name, content, path, row_name in (
        ("租赁合同.pdf", paper("lease"), "venues.venues", "教学楼"),
        ("消防验收.png", photo(1600, 1100), "venues.venues", "教学楼"),
        ("高级技师证.pdf", paper("certificate"), "teachers.teachers", names[0]),
        ("电工证.png", photo(320, 240), "teachers.teachers", names[1]),
    ):
        evidence = examined(content, limits)
        new = NewFile(evidence=evidence, name=name, path=path, row_name=row_name)
        attach(session, hands.clerks[player.code], filing, new, keeping)
    return _filing(session, hands, player, Period.parse(filing.period.period))


def _write(
    session: Session,
    hands: Hands,
    player: Player,
    period: Period,
    when: tuple[date, Calendar],
    done: int | None = None,
) -> Filing:
    day, calendar = when
    typed = typed_report(player, period, day)
    clerk = hands.clerks[player.code]
    for number, section in enumerate(_filing(session, hands, player, period).form.sections[:done]):
        filing = _filing(session, hands, player, period)
        seen = mark_of(filing.typed.get(section.key, {}))
        saved = Saved(section=section, typed=typed[section.key], seen=seen, is_done=True)
        save_draft(session, clerk, filing, saved, at=calendar.at(day, 5 * number))
        session.flush()
    return _filing(session, hands, player, period)


def _filing(session: Session, hands: Hands, player: Player, period: Period) -> Filing:
    clerk = hands.clerks[player.code]
    reading = Reading(find=_slug, seal=hands.seal)
    return filing_of(session, clerk.institution_id, str(period), reading)


def _slug(text: str) -> str | None:
    found = catalogue().find(text)
    return found.slug if found else None
