"""The ledger of facts: what an accepted report claims, and how far each claim was proved.

A fact that stays the same keeps its proof; one that changed is new, and only declared until it is
proved again; what the report no longer says is ended. What its form no longer asks stands as it
was: nobody took it back. Nothing is overwritten. The rows of a table are known again by their first
column (a teacher, a venue), wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.fact_places import as_asked, fact_place, question_of
from portal.domain.report_review import Proof
from portal.rules.form import Item, ReportForm
from portal.store.attachments import Attachment
from portal.store.reports import Fact, SpecialReport, current_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """How a reviewer proved claims: path in the report → proof, on a day, by a name."""

    proofs: Mapping[str, Proof]
    day: date
    by: str
    files: Sequence[Attachment] = ()
    """The evidence to the report."""


@dataclass(frozen=True, slots=True)
class _Claim:
    item: Item
    value: Any
    mark: Proof | None

    def repeats(self, fact: Fact) -> bool:
        """Tell whether it says what the fact says, as far as it is still asked."""
        return bool(as_asked(self.item, fact.value) == self.value)


def renew_facts(
    session: Session, report: SpecialReport, form: ReportForm, review: Review
) -> dict[str, int]:
    """Bring the ledger to what ``report`` claims; return how many facts began, ended and stayed."""
    ledger = _Ledger(session, report, review)
    for section in form.sections:
        answers = report.content.get(section.key, {})
        for item in section.items:
            path = f"{section.key}.{item.key}"
            if item.kind == "table":
                ledger.rows(path, item, answers.get(item.key) or [])
            elif answers.get(item.key) is not None:
                claim = _Claim(item, answers[item.key], review.proofs.get(path))
                ledger.renew(path, ledger.taken(path), claim)
    ledger.end_rest(form)
    return ledger.counts


class _Ledger:
    def __init__(self, session: Session, report: SpecialReport, review: Review) -> None:
        self.session = session
        self.report = report
        self.review = review
        self.old = {fact.path: fact for fact in current_facts(session, report.institution_id)}
        self.highest = _highest(self.old)
        self.counts = {"began": 0, "ended": 0, "stayed": 0}

    def taken(self, path: str) -> Fact | None:
        return self.old.pop(path, None)

    def rows(self, path: str, item: Item, rows: list[dict[str, Any]]) -> None:
        claims = [
            _Claim(item, row, self.review.proofs.get(f"{path}.{number}"))
            for number, row in enumerate(rows, 1)
        ]
        name = item.columns[0].key
        for claim in self._same(path, claims, lambda fact, claim: claim.repeats(fact)):
            claims.remove(claim)
        for claim in self._same(
            path, claims, lambda fact, claim: fact.value.get(name) == claim.value.get(name)
        ):
            claims.remove(claim)
        for claim in claims:
            self.highest[path] = self.highest.get(path, 0) + 1
            self.renew(f"{path}.{self.highest[path]}", None, claim)

    def renew(self, path: str, old: Fact | None, claim: _Claim) -> None:
        if old is not None and claim.repeats(old) and claim.mark in {None, Proof(old.proof)}:
            self.counts["stayed"] += 1
            return
        if old is not None:
            self._end(old)
        self.counts["began"] += 1
        self.session.add(self._fact(path, claim))

    def end_rest(self, form: ReportForm) -> None:
        for fact in self.old.values():
            if fact_place(fact.path, form, None):
                self._end(fact)

    def _same(self, path: str, claims: list[_Claim], alike: Any) -> Iterator[_Claim]:  # noqa: ANN401
        for claim in list(claims):
            twin = next((fact for fact in self._rows_of(path) if alike(fact, claim)), None)
            if twin is not None:
                self.renew(twin.path, self.taken(twin.path), claim)
                yield claim

    def _rows_of(self, path: str) -> list[Fact]:
        return [fact for key, fact in self.old.items() if key.rpartition(".")[0] == path]

    def _end(self, fact: Fact) -> None:
        fact.ended_on = self.review.day
        self.counts["ended"] += 1

    def _fact(self, path: str, claim: _Claim) -> Fact:
        proof = claim.mark or Proof.DECLARED
        return Fact(
            institution_id=self.report.institution_id,
            report_id=self.report.id,
            path=path,
            value=claim.value,
            proof=proof,
            proved_on=None if proof is Proof.DECLARED else self.review.day,
            proved_by=None if proof is Proof.DECLARED else self.review.by,
            evidence=self._evidence(path, claim) if proof is Proof.DOCUMENT_SEEN else None,
            from_on=self.review.day,
        )

    def _evidence(self, path: str, claim: _Claim) -> str | None:
        """Return the names of the files that prove a claim; None = there are none."""
        is_row = claim.item.kind == "table"
        place = question_of(path)
        name = claim.value.get(claim.item.columns[0].key, "") if is_row else ""
        names = [
            file.name
            for file in self.review.files
            if file.path == place and file.row_name in {"", name}
        ]
        return "、".join(names) or None


def _highest(facts: Mapping[str, Fact]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for path in facts:
        table, _, number = path.rpartition(".")
        if number.isdecimal():
            highest[table] = max(highest.get(table, 0), int(number))
    return highest
