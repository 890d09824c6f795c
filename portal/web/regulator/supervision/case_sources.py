"""What a case was opened from, in words and with the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from portal.casework.supervision.sources import known_source
from portal.domain.cases import CaseSource
from portal.store.cases import CaseFile
from portal.store.inspections import Finding, Inspection
from portal.store.institutions import Institution
from portal.store.letters import Letter
from portal.store.reports import Fact
from portal.store.traces import Trace
from portal.web.answers import in_words
from portal.web.boundary import Act
from portal.web.language import gettext, language


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSource:
    """A source: what it is called, where it lies (empty: outside), what it says, what is a fact."""

    text: str
    href: str = ""
    words: str = ""
    facts: str = ""


def source_of(here: Act, case: CaseFile) -> ShownSource | None:
    """Return what a case was opened from; None where no reference was given."""
    return _shown(here, case.source, case.source_ref or "")


def source_asked(here: Act) -> ShownSource | None:
    """Return what the address says a case is opened from; None: nothing that is kept here."""
    source, ref = request.args.get("source", ""), request.args.get("ref", "")
    return _shown(here, source, ref) if known_source(here.session, source, ref) else None


def _shown(here: Act, source: str, ref: str) -> ShownSource | None:
    known = known_source(here.session, source, ref)
    if known is None:
        return ShownSource(text=ref) if ref else None
    return _TOLD[CaseSource(source)](here, known.row, ref)


Row = Any


def _finding(here: Act, row: Row, ref: str) -> ShownSource:
    number = ref.partition("/")[0]
    href = url_for("regulator.inspection", number=number)
    if isinstance(row, Inspection):
        return ShownSource(text=gettext("检查 %(no)s") % {"no": number}, href=href)
    del here
    finding: Finding = row
    text = gettext("检查 %(no)s 发现的问题") % {"no": number}
    return ShownSource(
        text=text, href=f"{href}#finding-{finding.id}", words=finding.words, facts=finding.words
    )


def _letter(_here: Act, row: Row, _ref: str) -> ShownSource:
    letter: Letter = row
    href = url_for("regulator.letter", number=letter.number)
    text = gettext("反映 %(no)s") % {"no": letter.number}
    return ShownSource(text=text, href=href, words=letter.words)


def _trace(_here: Act, row: Row, _ref: str) -> ShownSource:
    trace: Trace = row
    href = url_for("regulator.trace", number=trace.number)
    text = gettext("事故倒查 %(no)s") % {"no": trace.number}
    return ShownSource(text=text, href=href, words=trace.words)


def _fact(here: Act, row: Row, _ref: str) -> ShownSource:
    fact: Fact = row
    code = here.session.scalars(
        select(Institution.code).where(Institution.id == fact.institution_id)
    ).one()
    item = here.rules.report.form.item(fact.path.split(".")[1])
    label = item.label(language()) if item else fact.path
    plain = item is not None and not isinstance(fact.value, dict)
    said = in_words(item, fact.value) if plain and item else ""
    return ShownSource(
        text=gettext("专项报告里与事实不符的一项：%(item)s") % {"item": label},
        href=f"{url_for('regulator.facts', code=code)}#fact-{fact.id}",
        words=gettext("机构填报：%(said)s") % {"said": said} if said else "",
    )


def _signal(_here: Act, _row: Row, ref: str) -> ShownSource:
    period, _, kind = ref.split("/")[:3]
    href = url_for("regulator.signals", period=period)
    text = gettext("监管信号 %(period)s") % {"period": period}
    return ShownSource(text=text, href=f"{href}#{_ANCHORS[kind]}")


_ANCHORS = {"limits": "funnel", "drop": "drops", "passed": "all-passed"}
_TOLD: dict[CaseSource, Callable[[Act, Row, str], ShownSource]] = {
    CaseSource.INSPECTION: _finding,
    CaseSource.TIP: _letter,
    CaseSource.ACCIDENT: _trace,
    CaseSource.CONTRADICTION: _fact,
    CaseSource.ANOMALY: _signal,
}
