"""What one institution's report for one period stands on: form, draft, last version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import Find
from portal.domain.errors import NotFound
from portal.domain.reports import Step, Typed, step_of, typed_report
from portal.rules.form import FormSection, ReportForm
from portal.rules.rulebook import rules_on
from portal.store.institutions import Institution
from portal.store.reports import (
    UNDER_REVIEW,
    ReportDraft,
    ReportingPeriod,
    SpecialReport,
    draft_of,
    latest_report,
    reporting_period,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What one institution's report for one period stands on."""

    institution: Institution
    period: ReportingPeriod
    form: ReportForm
    find: Find
    draft: ReportDraft | None
    latest: SpecialReport | None

    @property
    def typed(self) -> Typed:
        """Return what there is to go on writing from: the draft, else the last version."""
        if self.draft is not None:
            return self.draft.content
        return typed_report(self.form, self.latest.content) if self.latest else {}

    @property
    def done(self) -> tuple[str, ...]:
        """Return the sections said to be filled in; of a returned version those without words."""
        if self.draft is not None:
            return tuple(self.draft.done)
        if self.latest is None:
            return ()
        asked = {path.split(".")[0] for path in self.latest.review}
        return tuple(section.key for section in self.form.sections if section.key not in asked)

    @property
    def is_open(self) -> bool:
        """Tell whether it may be written in: not while a version is with the regulator."""
        return self.latest is None or self.latest.state not in UNDER_REVIEW

    def step(self, section: FormSection) -> Step:
        """Return how far a section is."""
        typed = self.typed.get(section.key, {})
        return step_of(section, typed, self.find, is_done=section.key in self.done)


def form_of(period: ReportingPeriod, local: Path | None = None) -> ReportForm:
    """Return the form of a reporting period: that of the day it opened, whatever came later."""
    return rules_on(period.opens_on, local).report.form


def filing_of(
    session: Session,
    institution_id: int | None,
    period: str,
    find: Find,
    local: Path | None = None,
    *,
    locked: bool = False,
) -> Filing:
    """Return an institution's report for a period; ``locked``: nobody else files meanwhile.

    Raises:
        NotFound: there is no such period, or no such institution.

    """
    wanted = select(Institution).where(Institution.id == institution_id)
    institution = session.scalar(wanted.with_for_update() if locked else wanted)
    opened = reporting_period(session, period)
    if institution is None or opened is None:
        raise NotFound("report.no_such_period")
    return Filing(
        institution=institution,
        period=opened,
        form=form_of(opened, local),
        find=find,
        draft=draft_of(session, institution.id, period),
        latest=latest_report(session, institution.id, period),
    )
