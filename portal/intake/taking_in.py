"""The one way of a file into the portal: read, checked, settled, written at once, receipted.

::

    check_file   reads a file and judges every row; the database is only asked whom it knows
    take_in      in one transaction: settles the rows against what is stored and, unless it is a
                 trial or rows were refused, writes all of them with a receipt and an audit event

The way of an exam row::

    files/delimited, workbook …   bytes become lines of cells
    files/checking                blocks of lines are judged; what is no data stands aside
    kinds/exam_columns            a block as columns: each combination of cells judged once …
    kinds/exams                   … and rows in doubt by themselves, which alone can be refused
    kinds/exam_judging            the rules that both ask
    files/spool                   what holds, persons as hashes, comes back in their order
    kinds/exam_newcomers          persons of whom nothing is known: straight into the store
    kinds/exam_settling           all others: laid beside what is stored, in sets
    kinds/exam_meeting            what a row is to the stored one of the same sitting
    counts/tally_upkeep, …        what changes is put on the tallies and taken off
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.domain.people import Actor, Permission
from portal.intake.files.checking import Checker, Told, check
from portal.intake.files.formats import Kind
from portal.intake.files.refusals import Skipped
from portal.intake.files.sheets import Reached
from portal.intake.files.source import Source
from portal.intake.handing_in import PLAINLY, Behalf, Counter, Handed, Outcome, Wish
from portal.intake.kinds.exam_judging import Standing
from portal.intake.kinds.exam_settling import ExamSettler
from portal.intake.kinds.exams import ExamRows
from portal.intake.kinds.institutions import InstitutionRows, InstitutionSettler
from portal.intake.kinds.register import Trades, register_of
from portal.intake.kinds.settling import Settler
from portal.intake.kinds.surveys import SurveyRows, SurveySettler
from portal.intake.kinds.tallies import TallyRows, TallySettler
from portal.intake.kinds.units import UnitRows, UnitSettler
from portal.intake.remembering import with_words
from portal.intake.taking_back import lineage, to_correct
from portal.store.audit import record
from portal.store.receipts import Receipt, next_number, one_at_a_time, receipt_of_file

_PERIOD_KINDS = {"year": "", "half-year": "H", "quarter": "Q"}
_PERMISSION = {
    Kind.EXAMS: Permission.TAKE_IN_EXAMS,
    Kind.TALLIES: Permission.TAKE_IN_EXAMS,
    Kind.SURVEYS: Permission.TAKE_IN_EXAMS,
    Kind.INSTITUTIONS: Permission.KEEP_REGISTER,
    Kind.UNITS: Permission.KEEP_REGISTER,
}


def check_file(
    session: Session,
    counter: Counter,
    kind: Kind,
    source: Source,
    told: Told = lambda _count: None,
    reached: Reached | None = None,
) -> Handed:
    """Return the file with what stands in it, each row judged; nothing is written.

    Raises:
        RuleBroken: the file as a whole cannot be used.

    """
    checker = _checker(session, counter, kind)
    checker.form = with_words(session, kind)
    found = check(source, checker, told, reached)
    return Handed(kind=kind, source=source, found=found)


def take_in(
    session: Session,
    actor: Actor,
    counter: Counter,
    handed: Handed,
    wish: Wish = PLAINLY,
    reached: Reached | None = None,
) -> Outcome:
    """Take a checked file in, as far as ``wish`` allows; the same file again changes nothing.

    Raises:
        NotAllowed: the actor may not take in files of this kind.
        RuleBroken: what it is to correct cannot be corrected, or no reason is given.

    """
    actor.require(Permission.TAKE_IN_ON_BEHALF if wish.behalf else _PERMISSION[handed.kind])
    one_at_a_time(session)
    if known := taken_before(session, handed.kind, handed.source):
        return known
    corrected = to_correct(session, handed.kind, wish) if wish.corrects else None
    settler = _settler(session, counter, handed.kind, lineage(session, corrected), reached)
    accepted = settler.settle(session, handed.found)
    outcome = _outcome(handed, settler, accepted)
    # A file that issues another anew is taken whole: what it leaves out is withdrawn.
    partly = wish.partial and accepted and corrected is None
    if not (wish.trial or (outcome.refused and not partly)):
        receipt = _receipt(session, actor, counter, handed, outcome)
        if corrected is not None:
            receipt.corrects_id, receipt.reason = corrected.id, wish.reason.strip()
        if wish.behalf is not None:
            _tell_behalf(receipt, wish.behalf)
        receipt.coverage = settler.write(session, receipt)
        _record(session, actor, counter, receipt)
        outcome = replace(outcome, receipt=receipt)
    settler.drop(session)
    return outcome


def taken_before(session: Session, kind: Kind, source: Source) -> Outcome | None:
    """Return the outcome of handing in a file that was taken in already; None if it was not."""
    known = receipt_of_file(session, kind.value, source.sha256())
    return again(known) if known else None


def again(known: Receipt) -> Outcome:
    """Return the outcome of the same file again: the first receipt, nothing new."""
    return Outcome(
        receipt=known,
        sha256=known.sha256,
        rows_read=known.rows_read,
        accepted=0,
        merged=known.accepted + known.merged,
        withdrawn=known.withdrawn,
        refused=known.refused,
        skipped=known.skipped,
        already=True,
    )


def _checker(session: Session, counter: Counter, kind: Kind) -> Checker:
    trades = Trades(counter.office)
    if kind is Kind.INSTITUTIONS:
        return InstitutionRows(counter.office, trades)
    if kind is Kind.UNITS:
        return UnitRows(InstitutionRows(counter.office, trades))
    register = register_of(session)
    if kind is Kind.TALLIES:
        return TallyRows(counter.day, counter.exam_rules, register, trades)
    if kind is Kind.SURVEYS:
        return SurveyRows(counter.day, register, trades)
    if not counter.person_key:
        raise RuleBroken("intake.no_person_key")
    standing = Standing(
        day=counter.day,
        exam_rules=counter.exam_rules,
        person_key=counter.person_key,
        period_kind=_PERIOD_KINDS[counter.office.calendar.period_kind],
    )
    return ExamRows(standing, register, trades)


def _settler(
    session: Session,
    counter: Counter,
    kind: Kind,
    corrected: frozenset[int],
    reached: Reached | None,
) -> Settler:
    if kind is Kind.EXAMS:
        return ExamSettler(counter.practice_limit, corrected, reached)
    return _SETTLERS[kind](session, corrected)


_SETTLERS: dict[Kind, Callable[[Session, frozenset[int]], Settler]] = {
    Kind.INSTITUTIONS: lambda session, _corrected: InstitutionSettler(session),
    Kind.UNITS: lambda session, _corrected: UnitSettler(session),
    Kind.TALLIES: TallySettler,
    Kind.SURVEYS: SurveySettler,
}


def _outcome(handed: Handed, settler: Settler, accepted: int) -> Outcome:
    found = handed.found
    order = {name: number for number, name in enumerate(found.sheets)}
    refusals = [*found.refusals, *settler.refusals]
    refusals.sort(key=lambda refused: (order[refused.sheet], refused.line))
    return Outcome(
        receipt=None,
        sha256=handed.source.sha256(),
        rows_read=found.rows_read,
        accepted=accepted,
        merged=settler.merged,
        refused=found.refused_rows + len(settler.refusals),
        withdrawn=settler.withdrawn,
        skipped=[line.as_facts() for line in sorted(found.skipped, key=_place)],
        refusals=refusals,
        ignored=found.ignored,
        sheets=found.sheets,
    )


def _place(skipped: Skipped) -> tuple[str, int]:
    return skipped.sheet, skipped.line


def _receipt(
    session: Session, actor: Actor, counter: Counter, handed: Handed, outcome: Outcome
) -> Receipt:
    receipt = Receipt(
        number=next_number(session, counter.day),
        kind=handed.kind.value,
        sha256=outcome.sha256,
        file_name=handed.source.shown_name,
        rows_read=outcome.rows_read,
        accepted=outcome.accepted,
        merged=outcome.merged,
        refused=outcome.refused,
        withdrawn=outcome.withdrawn,
        skipped=outcome.skipped,
        coverage={},
        taken_in_by=actor.name,
        taken_in_at=counter.at,
    )
    session.add(receipt)
    session.flush()
    return receipt


def _tell_behalf(receipt: Receipt, behalf: Behalf) -> None:
    receipt.taken_in_by = behalf.entered_by
    for name in ("sender", "document_no", "received_on", "confirmed_by", "scan_sha256"):
        setattr(receipt, name, getattr(behalf, name))


def _record(session: Session, actor: Actor, counter: Counter, receipt: Receipt) -> None:
    record(
        session,
        actor,
        "file.taken_in",
        f"receipt:{receipt.number}",
        counter.at,
        kind=receipt.kind,
        sha256=receipt.sha256,
        accepted=receipt.accepted,
        merged=receipt.merged,
        refused=receipt.refused,
        **_more_facts(receipt),
    )


def _more_facts(receipt: Receipt) -> dict[str, object]:
    corrected = {"withdrawn": receipt.withdrawn, "reason": receipt.reason} if receipt.reason else {}
    letter = {"sender": receipt.sender, "document_no": receipt.document_no}
    return corrected | (letter if receipt.sender else {})
