"""How the cases of the invented world go, so that every state can be seen on its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from portal.casework.supervision import case_aftermath as aftermath
from portal.casework.supervision import case_proceedings as steps
from portal.casework.supervision import case_publication as publication
from portal.casework.supervision.cases import Opening, open_case
from portal.demonstration import troubles as told
from portal.demonstration.troubles import Bench, Trouble
from portal.domain.cases import EndReason, publication_limits
from portal.rules.rulebook import rules_on
from portal.store.cases import CaseFile

_A_YEAR = 330


def bring_up_before(bench: Bench, edition_on: date) -> None:
    """Play the case that is on the list when the last edition is composed, and still is today."""
    _listed(bench, told.EARLIER, edition_on - timedelta(days=40), keep_days=_A_YEAR)


def bring_up(bench: Bench) -> None:
    """Play every case up to the demonstration's day."""
    hours = _listed(bench, told.HOURS, bench.ago(75))
    _listed(bench, told.EMPLOYER, bench.ago(58))
    _rectify(bench, _listed(bench, told.FILES, bench.ago(110)), bench.ago(40))
    _listed(bench, told.SCOPE, bench.ago(140), keep_days=60)
    _repaired(bench, _listed(bench, told.ROOMS, bench.ago(220), keep_days=_A_YEAR))
    _disputed(bench, _listed(bench, told.DISPUTED, bench.ago(45)))
    _amended(bench, _listed(bench, told.STOPPED, bench.ago(66), keep_days=2 * _A_YEAR))
    _quashed(bench, _listed(bench, told.QUASHED, bench.ago(60), keep_days=70))
    _served(bench, told.NOTICE, bench.ago(3))
    _proposed(bench, told.STAFF, bench.ago(20))
    rumour = open_case(bench.stand(bench.ago(30)), _opening(told.RUMOUR))
    here = bench.stand(bench.ago(24))
    steps.close_case(here, rumour.number, rumour.revision, reasons="经查不属实。")
    _rectify(bench, hours, bench.ago(10), confirm=False)


def bring_up_from(bench: Bench, trouble: Trouble, day: date, ref: str) -> None:
    """Open a case on what a letter told."""
    open_case(bench.stand(day), replace(_opening(trouble), source_ref=ref))


def _opening(trouble: Trouble) -> Opening:
    return Opening(
        subject=trouble.subject,
        is_unit=trouble.is_unit,
        ground=trouble.ground,
        severity=trouble.severity,
        facts=trouble.facts,
        trade=trouble.trade,
        source=trouble.source,
    )


def _served(bench: Bench, trouble: Trouble, day: date) -> CaseFile:
    here = bench.stand(day)
    case = open_case(here, _opening(trouble))
    ground = here.rules.ground(trouble.ground)
    evidence = dict.fromkeys(ground.evidence if ground else (), "见检查卷宗，附清单。")
    steps.keep_evidence(here, case.number, case.revision, evidence=evidence)
    service = steps.Service(served_on=day, how="in_person", proof="送达回证由当事人签收。")
    return steps.serve_notice(here, case.number, case.revision, service)


def _decided(bench: Bench, trouble: Trouble, day: date) -> tuple[CaseFile, date]:
    case = _served(bench, trouble, day)
    if trouble.points:
        _heard(bench, trouble, case, day)
    decided_on = (case.reply_until_on or day) + timedelta(days=1)
    decision = _decision(trouble, case, decided_on)
    steps.decide_case(bench.stand(decided_on), case.number, case.revision, decision)
    return case, decided_on


def _heard(bench: Bench, trouble: Trouble, case: CaseFile, day: date) -> None:
    clerk = bench.clerks[trouble.subject]
    stand = bench.stand(day + timedelta(days=2), clerk)
    points = [point.words for point in trouble.points]
    steps.reply_to_notice(stand, case.number, case.revision, points=points)
    answers = {
        place: steps.PointAnswer(adopted=point.adopted, reasons=point.reasons)
        for place, point in enumerate(trouble.points, 1)
    }
    stand = bench.stand(day + timedelta(days=6))
    steps.answer_statement(stand, case.number, case.revision, answers=answers)


def _decision(trouble: Trouble, case: CaseFile, decided_on: date) -> steps.Decision:
    days = trouble.correct_days
    return steps.Decision(
        number=f"示应急责改〔{decided_on.year}〕{case.id}号",
        decided_on=decided_on,
        words=trouble.decision,
        severity=trouble.severity,
        advice=trouble.advice,
        affected=trouble.affected,
        correct_until_on=decided_on + timedelta(days=days) if days else None,
        penalty=trouble.penalty,
        amount=trouble.amount,
    )


def _proposed(
    bench: Bench, trouble: Trouble, day: date, keep_days: int = 180
) -> tuple[CaseFile, date]:
    case, decided_on = _decided(bench, trouble, day)
    earliest, latest = publication_limits(case, rules_on(decided_on))
    until = min(max(decided_on + timedelta(days=keep_days), earliest), latest)
    publication.propose_publication(
        bench.stand(decided_on), case.number, case.revision, until_on=until
    )
    return case, decided_on


def _listed(bench: Bench, trouble: Trouble, day: date, keep_days: int = 180) -> CaseFile:
    case, decided_on = _proposed(bench, trouble, day, keep_days)
    stand = bench.stand(decided_on + timedelta(days=1), bench.second)
    return publication.publish_entry(stand, case.number, case.revision)


def _rectify(bench: Bench, case: CaseFile, day: date, *, confirm: bool = True) -> None:
    aftermath.report_rectification(
        bench.stand(day), case.number, case.revision, words="机构已报送整改方案。"
    )
    if confirm:
        later = bench.stand(day + timedelta(days=13))
        words = "现场复查合格。"
        aftermath.confirm_rectification(later, case.number, case.revision, words=words)


def _repaired(bench: Bench, case: CaseFile) -> None:
    _rectify(bench, case, bench.ago(120))
    words = "复查合格，满最短公示期，依申请提前终止。"
    aftermath.ask_repair(bench.stand(bench.ago(30)), case.number, case.revision, words=words)
    publication.propose_end(
        bench.stand(bench.ago(20)),
        case.number,
        case.revision,
        reason=EndReason.REPAIRED,
        document_no=f"示应急复〔{bench.calendar.on.year}〕1号",
        words=words,
    )
    publication.end_entry(bench.stand(bench.ago(18), bench.second), case.number, case.revision)


def _disputed(bench: Bench, case: CaseFile) -> None:
    words = "登记的 48 人里有 7 人已经办了退班，有退费记录。"
    clerk = bench.clerks[told.DISPUTED.subject]
    here = bench.stand(bench.ago(1), clerk)
    aftermath.dispute_entry(here, case.number, case.revision, words=words)


def _amended(bench: Bench, case: CaseFile) -> None:
    facts = case.facts.replace("2 个场次", "3 个场次")
    words = "场次数 2 改为 3。"
    here = bench.stand(bench.ago(40))
    publication.amend(here, case.number, case.revision, facts=facts, reasons=words)
    publication.confirm_amend(bench.stand(bench.ago(39), bench.second), case.number, case.revision)


def _quashed(bench: Bench, case: CaseFile) -> None:
    document = f"示复决〔{bench.calendar.on.year}〕2号"
    words = "行政复议撤销原决定。"
    here = bench.stand(bench.ago(15))
    publication.quash(here, case.number, case.revision, document_no=document, words=words)
    publication.end_entry(bench.stand(bench.ago(14), bench.second), case.number, case.revision)
