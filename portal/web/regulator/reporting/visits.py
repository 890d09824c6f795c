"""The ledger of claims and proofs, and visits that mark them: a form that fits a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from portal.casework.institutions.register import institution_in_care
from portal.casework.special_reports.fact_forms import places_of
from portal.casework.special_reports.site_visits import (
    SEEN,
    Finding,
    Visit,
    visit_numbered,
    write_visit,
)
from portal.casework.supervision.sources import cases_from, fact_ref
from portal.domain.cases import CaseSource
from portal.domain.people import Permission
from portal.domain.report_review import Proof
from portal.rules.form import Item
from portal.store.reports import Fact, current_facts, facts_marked_by, facts_over_time
from portal.store.reviews import visits_to
from portal.web.answers import in_words, row_in_words
from portal.web.boundary import Act, look, wiring
from portal.web.guard import allowed
from portal.web.held import fields_sent, holds
from portal.web.language import language
from portal.web.regulator.reporting.report_forms import VisitForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_MOST_PAST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFact:
    """A fact of the ledger in words."""

    row: Fact
    section: str
    label: str
    words: str
    version: str = ""
    """The version of the form that asked, where the one in force no longer does."""
    proof: str = ""
    """What was chosen in the form just now."""
    note: str = ""


@allowed(Permission.DESK)
def ledger(code: str) -> str:
    """Show every claim that stands with its proof, and those that stood before."""
    with look() as a:
        institution = institution_in_care(a.session, a.actor, code)
        now = _shown(a, current_facts(a.session, institution.id))
        past = facts_over_time(a.session, institution.id, _MOST_PAST)
        return render_template(
            "regulator/facts.html",
            institution=institution,
            now=now,
            past=_shown(a, past),
            counts=[(p.value, sum(f.row.proof == p for f in now)) for p in Proof],
            see_cases=a.actor.may(Permission.SEE_CASES),
            cases=_cases(a, [*now, *_shown(a, past)]),
            visits=visits_to(a.session, institution.id),
            may=a.actor.may(Permission.REVIEW_REPORT),
        )


@holds
@allowed(Permission.REVIEW_REPORT)
def visit(code: str) -> ResponseReturnValue:
    """Show the form for a visit, or write one down."""
    form = VisitForm()
    if form.is_submitted():
        written = form.attempt(
            lambda a: write_visit(a.session, a.actor, code, _asked(form), at=a.at, day=a.day).number
        )
        if written is not None:
            return redirect(url_for("regulator.visited", number=written), 303)
    with look() as a:
        institution = institution_in_care(a.session, a.actor, code)
        if not form.is_submitted() and not form.was_held:
            form.visited_on.data, form.visitors.data = a.day, a.actor.name
        page = render_template(
            "regulator/visit.html",
            form=form,
            institution=institution,
            sections=_by_section(a, current_facts(a.session, institution.id)),
            seen=[proof.value for proof in SEEN],
            faults=form.facts_faulty,
        )
    return page, form.status if form.is_submitted() else 200


@allowed(Permission.DESK)
def visited(number: str) -> str:
    """Show a visit as it was written down."""
    with look() as a:
        row, institution = visit_numbered(a.session, a.actor, number)
        marked = facts_marked_by(a.session, institution.id, f"visit:{number}")
        seen = {one.row.path: one for one in _shown(a, marked)}
        findings = [(one, seen[one["path"]]) for one in row.findings if one["path"] in seen]
        return render_template(
            "regulator/visited.html", visit=row, institution=institution, findings=findings
        )


def _cases(a: Act, shown: list[ShownFact]) -> dict[str, list[str]]:
    """Return reference → cases that were opened because a claim was contradicted."""
    refs = [fact_ref(one.row.id) for one in shown if one.row.proof == Proof.CONTRADICTED]
    return cases_from(a.session, CaseSource.CONTRADICTION, refs)


def _asked(form: VisitForm) -> Visit:
    findings = {
        int(name[5:]): Finding(proof, request.form.get(f"note-{name[5:]}", ""))
        for name, proof in request.form.items()
        if name.startswith("fact-") and proof and name[5:].isascii() and name[5:].isdecimal()
    }
    return Visit(
        visited_on=form.visited_on.data,
        visitors=form.visitors.data or "",
        note=form.note.data or "",
        findings=findings,
    )


def _shown(a: Act, facts: list[Fact]) -> list[ShownFact]:
    local = wiring().settings.local_rules
    return [
        ShownFact(
            row=fact,
            section=place.section.label(language()),
            label=place.item.label(language()),
            words=_words(place.item, fact.value),
            version=place.version,
            proof=fields_sent().get(f"fact-{fact.id}", ""),
            note=fields_sent().get(f"note-{fact.id}", ""),
        )
        for fact, place in places_of(a.session, facts, a.rules.report.form, local)
    ]


def _by_section(a: Act, facts: list[Fact]) -> list[tuple[str, list[ShownFact]]]:
    """Return the facts by the name of their section, in the order of the form, then the rest."""
    shown = _shown(a, facts)
    names = [section.label(language()) for section in a.rules.report.form.sections]
    names += [one.section for one in shown if one.section not in names]
    by_name = {name: [one for one in shown if one.section == name] for name in names}
    return [(name, rows) for name, rows in by_name.items() if rows]


def _words(item: Item, value: Any) -> str:  # noqa: ANN401  # JSON
    if item.kind != "table" or not isinstance(value, Mapping):
        return in_words(item, value)
    return " · ".join(words for _, words in row_in_words(item, value) if words)
