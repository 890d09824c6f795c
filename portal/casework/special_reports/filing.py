"""What one institution's report for one period stands on: form, draft, last version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import Find
from portal.domain.errors import NotFound
from portal.domain.identity import Seal
from portal.domain.reports import Step, Typed, TypedSection, step_of, tidied, typed_report
from portal.domain.sealing import sealed
from portal.rules.form import FormSection, Item, ReportForm
from portal.rules.rulebook import rules_on
from portal.store.attachments import Attachment, attachments_to
from portal.store.institutions import Institution
from portal.store.reporting import Exemption, due_on, exemptions_of
from portal.store.reports import (
    UNDER_REVIEW,
    ReportDraft,
    ReportingPeriod,
    SpecialReport,
    draft_of,
    latest_report,
    reporting_period,
)
from portal.store.staged_sheets import StagedSheet, staged_sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How typed answers are read here: trades by name, identity numbers by their keyed hash."""

    find: Find
    seal: Seal
    local: Path | None = None
    """Folder of the rules laid over the shipped ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What one institution's report for one period stands on.

    ``due_on`` is its own last day on time; ``files`` the evidence to its next version; ``staged``
    the sheets with faults, by the path of their table.
    """

    institution: Institution
    period: ReportingPeriod
    form: ReportForm
    reading: Reading
    draft: ReportDraft | None
    latest: SpecialReport | None
    due_on: date
    exemption: Exemption | None = None
    files: list[Attachment] = field(default_factory=list)
    staged: Mapping[str, StagedSheet] = field(default_factory=dict)

    @property
    def find(self) -> Find:
        """Return how a trade's name is read."""
        return self.reading.find

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

    @property
    def amends(self) -> bool:
        """Tell whether the next version changes or corrects one that was accepted."""
        return self.latest is not None and self.latest.state == "accepted"

    def tidied(self, section: FormSection, typed: Mapping[str, Any]) -> TypedSection:
        """Return typed answers as a draft keeps them, identity numbers sealed."""
        known = self.typed.get(section.key, {})
        return sealed(section, tidied(section, typed, self.find), known, self.reading.seal)

    def sheet_of(self, section: FormSection, item: Item) -> StagedSheet | None:
        """Return the sheet of a table that still has faults; None when there is none."""
        return self.staged.get(f"{section.key}.{item.key}")

    def has_faulty_sheet(self, section: FormSection) -> bool:
        """Tell whether a sheet of this section still has faults."""
        return any(self.sheet_of(section, item) for item in section.items)

    def step(self, section: FormSection) -> Step:
        """Return how far a section is."""
        if self.has_faulty_sheet(section):
            return Step.FAULTY
        typed = self.typed.get(section.key, {})
        return step_of(section, typed, self.find, is_done=section.key in self.done)


def form_of(period: ReportingPeriod, local: Path | None = None) -> ReportForm:
    """Return the form of a reporting period: that of the day it opened, whatever came later."""
    return rules_on(period.opens_on, local).report.form


def filing_of(
    session: Session,
    institution_id: int | None,
    period: str,
    reading: Reading,
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
        form=form_of(opened, reading.local),
        reading=reading,
        draft=draft_of(session, institution.id, period),
        latest=latest_report(session, institution.id, period),
        due_on=due_on(session, opened, institution.id),
        exemption=exemptions_of(session, opened.id).get(institution.id),
        files=attachments_to(session, institution.id, period),
        staged=staged_sheets(session, institution.id, period),
    )
