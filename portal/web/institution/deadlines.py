"""Every day by which the institution has to do something: its page, the reminder, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Response, render_template, url_for

from portal.casework.institutions.offers import own_institution
from portal.casework.special_reports.changes_due import ChangeDue, changes_due, leases_of
from portal.casework.special_reports.fact_forms import places_of
from portal.domain.people import Permission
from portal.rules.form import Item
from portal.rules.words import label
from portal.store.reports import Fact, SpecialReport, current_facts, reports_of
from portal.web.boundary import Act, look, wiring
from portal.web.guard import allowed
from portal.web.institution.calendar_file import MIME, Entry, calendar
from portal.web.institution.cases import days_left, served_on_us
from portal.web.institution.figures import own_checks
from portal.web.institution.standing import Standing, standings
from portal.web.kept_files import disposition
from portal.web.language import gettext, language
from portal.web.shape import day as in_words
from portal.web.shape import named, period

Link = Callable[..., str]
"""What makes the address of an endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One thing to do and its last day; ``on`` None: no rule says until when."""

    key: str
    """What it is to a calendar: the same thing keeps it."""
    title: str
    href: str
    note: str
    on: date | None
    days_left: int
    """Calendar days until then; negative = as many days over, 0 where no day is known."""
    is_near: bool


@allowed(Permission.MY_DESK)
def show() -> str:
    """Show every deadline, the nearest first."""
    with look() as a:
        return render_template(
            "institution/deadlines.html",
            deadlines=deadlines(a),
            remind_days=a.rules.report.reminder_days or 0,
            change_days=a.rules.report.change_report_days,
        )


@allowed(Permission.MY_DESK)
def file() -> Response:
    """Return the deadlines as a calendar file."""
    with look() as a:
        name = named(own_institution(a.session, a.actor))
        entries = [
            Entry(
                key=f"{one.key}.{a.actor.institution_id}",
                title=one.title,
                words=one.note,
                url=one.href,
                on=one.on,
            )
            for one in deadlines(a, partial(url_for, _external=True))
            if one.on is not None
        ]
        title = gettext("%(name)s的期限") % {"name": name}
        text = calendar(title, entries, a.at, a.rules.report.reminder_days or 0)
    answer = Response(text, content_type=MIME)
    answer.headers["Content-Disposition"] = disposition("attachment", f"{gettext('全部期限')}.ics")
    return answer


def reminder() -> list[Deadline]:
    """Return the deadlines that are near or past, the nearest first; empty = nothing presses."""
    with look() as a:
        found = deadlines(a) if a.actor.may(Permission.MY_DESK) else []
        return [one for one in found if one.is_near]


def deadlines(a: Act, link: Link = url_for) -> list[Deadline]:
    """Return the deadlines of the signed-in person's institution, those past first."""
    mine = a.actor.institution_id or 0
    versions = reports_of(a.session, mine)
    facts = current_facts(a.session, mine)
    found = [
        *_reports(a, standings(a, versions), link),
        *_facts(a, facts, versions, link),
        *_cases(a, link),
        *_checks(a, link),
    ]
    return sorted(found, key=lambda one: (one.on or a.day, one.key))


def _deadline(a: Act, key: str, title: str, on: date | None, more: Mapping[str, str]) -> Deadline:
    near = on is None or a.day >= on - timedelta(days=a.rules.report.reminder_days or 0)
    left = (on - a.day).days if on else 0
    return Deadline(key=key, title=title, on=on, days_left=left, is_near=near, **more)


def _reports(a: Act, known: list[Standing], link: Link) -> Iterator[Deadline]:
    for one in known:
        words = gettext("%(period)s专项报告") % {"period": period(one.period.period)}
        href = link("institution.report", period=one.period.period)
        more = {"href": href, "note": ""}
        if one.mend_by:
            title = gettext("补正%(what)s") % {"what": words}
            yield _deadline(a, f"mend.{one.period.period}", title, one.mend_by, more)
        elif one.state in {"not_started", "draft"}:
            title = gettext("提交%(what)s") % {"what": words}
            yield _deadline(a, f"report.{one.period.period}", title, one.due_on, more)


def _facts(
    a: Act, facts: list[Fact], versions: list[SpecialReport], link: Link
) -> Iterator[Deadline]:
    way = _way_to_change(versions, link)
    names = _names(a, facts)
    for one in changes_due(facts, versions, a.day, a.rules, a.office.zone):
        title = gettext("报告变化：%(what)s") % {"what": names[one.fact.id]}
        more = {"href": way, "note": _since(one)}
        yield _deadline(a, f"change.{one.fact.id}", title, one.due_on, more)
    for lease in leases_of(facts):
        if lease.ends_on >= a.day:
            title = gettext("租约到期：%(what)s") % {"what": lease.name}
            more = {"href": way, "note": gettext("续租或者换场所以后，提交变更报告。")}
            yield _deadline(a, f"lease.{lease.fact.path}", title, lease.ends_on, more)


def _since(one: ChangeDue) -> str:
    on = in_words(one.since_on)
    if one.why == "contradicted":
        return gettext("%(day)s现场检查发现与申报不符。") % {"day": on}
    return gettext("租约已于%(day)s到期。") % {"day": on}


def _way_to_change(versions: list[SpecialReport], link: Link) -> str:
    accepted = next((one for one in versions if one.state == "accepted"), None)
    if accepted is None:
        return link("institution.reports")
    return link("institution.report", period=accepted.period)


def _names(a: Act, facts: list[Fact]) -> dict[int, str]:
    """Return what each fact is called: its question, and the name of the row."""
    placed = places_of(a.session, facts, a.rules.report.form, wiring().settings.local_rules)
    return {fact.id: _name(place.item, fact.value) for fact, place in placed}


def _name(item: Item, value: Any) -> str:  # noqa: ANN401  # JSON
    question = item.label(language())
    return f"{question} · {value.get(item.columns[0].key)}" if item.kind == "table" else question


def _cases(a: Act, link: Link) -> Iterator[Deadline]:
    for case in served_on_us(a):
        if days_left(a, case) is not None:
            words = gettext("告知书 %(no)s") % {"no": case.number}
            href = link("institution.case", number=case.number)
            more = {"href": href, "note": label(f"ground.{case.ground}", language())}
            title = gettext("陈述申辩：%(what)s") % {"what": words}
            yield _deadline(a, f"case.{case.number}", title, case.reply_until_on, more)


def _checks(a: Act, link: Link) -> Iterator[Deadline]:
    may_answer = a.actor.may(Permission.EDIT_PROFILE)
    for one in own_checks(a, figures=False) if may_answer else ():
        if one.check.outcome == "open" and one.is_open:
            title = gettext("核对第 %(n)s 期里本机构的数字") % {"n": one.edition.number}
            href = link("institution.figures")
            more = {"href": href, "note": gettext("到期没有答复的，记录为没有异议。")}
            yield _deadline(a, f"check.{one.edition.number}", title, one.check.closes_on, more)
