"""What the report pages of an institution share: its filing and the steps of it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from portal.casework.special_reports.filing import Filing, Reading, filing_of
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.identity import TEACHERS, Seal
from portal.domain.keyed import keyed
from portal.domain.reports import Step
from portal.rules.form import FormSection
from portal.rules.office import Office
from portal.settings import Settings
from portal.web.answers import trade_named
from portal.web.boundary import Act, wiring
from portal.web.language import gettext, language


def filing_for(a: Act, period: str, *, locked: bool = False) -> Filing:
    """Return the filing of the signed-in person's institution for a period."""
    reading = reading_of(a.office, wiring().settings)
    return filing_of(a.session, a.actor.institution_id, period, reading, locked=locked)


def reading_of(office: Office, settings: Settings) -> Reading:
    """Return how answers are read at this site."""
    return Reading(
        find=lambda name: trade_named(office, name),
        seal=_seal(settings.person_key),
        local=settings.local_rules,
    )


def _seal(person_key: str | None) -> Seal:
    def seal(number: str) -> str:
        if not person_key:
            raise RuleBroken("intake.no_person_key")
        return keyed(person_key, TEACHERS)(number)

    return seal


def section_named(filing: Filing, key: str) -> FormSection:
    """Return the section of that key.

    Raises:
        NotFound: the form has none.

    """
    section = filing.form.section(key)
    if section is None:
        raise NotFound("report.no_such_section")
    return section


def steps(filing: Filing, current: str = "") -> list[dict[str, object]]:
    """Return the task list: each section, and handing in as the last step."""
    period = filing.period.period
    asked = _asked(filing)
    listed: list[dict[str, object]] = [
        {
            "title": section.label(language()),
            "href": url_for("institution.section", period=period, section=section.key),
            "state": filing.step(section).value,
            "words": gettext("需要补正") if section.key in asked else None,
            "current": section.key == current,
        }
        for section in filing.form.sections
    ]
    check = url_for("institution.check_report", period=period)
    ready = is_ready(filing)
    listed.append(
        {
            "title": gettext("检查并提交"),
            "href": check if ready or current == "check" else "",
            "state": "todo" if ready else "blocked",
            "words": gettext("尚未提交") if ready else None,
            "current": current == "check",
        }
    )
    return listed


def _asked(filing: Filing) -> set[str]:
    """Return the sections that the regulator returned and nobody has called done since."""
    if filing.latest is None or filing.latest.state != "returned":
        return set()
    return {path.split(".")[0] for path in filing.latest.review} - set(filing.done)


def is_ready(filing: Filing) -> bool:
    """Tell whether there is a draft and every section of it is done: it can be handed in."""
    return filing.draft is not None and all(
        filing.step(section) is Step.DONE for section in filing.form.sections
    )


def done_count(listed: Iterable[dict[str, object]]) -> int:
    """Return how many steps are done."""
    return sum(step["state"] == "done" for step in listed)


def next_after(filing: Filing, section: FormSection) -> str:
    """Return the address of the next section that is not done, else of the check."""
    period = filing.period.period
    sections = list(filing.form.sections)
    at = sections.index(section)
    for other in sections[at + 1 :] + sections[:at]:
        if filing.step(other) is not Step.DONE:
            return url_for("institution.section", period=period, section=other.key)
    return url_for("institution.check_report", period=period)
