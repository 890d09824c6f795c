"""Cases of the invented world, so that every state of a case can be seen on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.casework import case_proceedings as proceedings
from portal.casework import case_publication as publication
from portal.casework.cases import Opening, Stand, open_case
from portal.demonstration.script import Calendar
from portal.domain.cases import EndReason, publication_limits
from portal.domain.people import Actor
from portal.rules.rulebook import rules_on
from portal.store.cases import CaseFile

_LOW_VOLTAGE = "low-voltage-electrician"


@dataclass(frozen=True, slots=True)
class Bench:
    """Who handles cases: two regulators, and the clerks of the institutions by code."""

    session: Session
    calendar: Calendar
    first: Actor
    second: Actor
    clerks: dict[str, Actor]

    def stand(self, day: date, actor: Actor | None = None) -> Stand:
        """Return what an act on ``day`` stands on."""
        return Stand(
            session=self.session,
            actor=actor or self.first,
            at=self.calendar.at(day),
            day=day,
            rules=rules_on(day),
        )

    def ago(self, days: int) -> date:
        """Return the day so many days before the demonstration's."""
        return self.calendar.on - timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a case is about; ``reply`` None: the subject says nothing in its days."""

    subject: str
    ground: str
    severity: str
    facts: str
    is_unit: bool = False
    trade: str | None = None
    reply: str | None = None
    answer: str = ""
    decision: str = "责令限期改正，改正期间暂停该工种招生。"
    advice: str = ""


HOURS = Trouble(
    subject="P005",
    ground="outline_not_followed",
    severity="general",
    trade=_LOW_VOLTAGE,
    facts="抽查三个班次，实操平均 19 课时，少于大纲要求；签到表与视频记录不一致 12 人次。",
    reply="其中一个班停电两天，缺的课时已经安排补上。",
    answer="补课没有签到和视频记录，未采纳；停电时间已核实，从缺少的课时中扣除。",
    advice="由机构免费补足课时；不想继续的，可以退还未上课时的学费。遇到推诿请拨打 12350。",
)
FILES = Trouble(
    subject="P011",
    ground="files_missing",
    severity="general",
    facts="抽查 40 份学员档案，9 份没有考勤记录，3 份没有结业考核材料。",
    decision="责令限期补齐档案。",
    advice="档案由机构补齐，学员可以到机构核对自己的培训记录。",
)
SCOPE = Trouble(
    subject="P014",
    ground="competitors_disparaged",
    severity="minor",
    facts="招生宣传材料贬低其他培训机构，共印发 200 份。",
    decision="责令改正，收回宣传材料。",
)
ROOMS = Trouble(
    subject="P017",
    ground="conditions_lacking",
    severity="general",
    facts="一间教室没有通过消防验收就用于上课。",
    decision="责令停止使用该教室。",
)
NOTICE = Trouble(
    subject="P002",
    ground="outline_not_followed",
    severity="general",
    trade="fusion-welding",
    facts="现场检查时一个班次少上 4 课时，未见补课安排。",
)
STAFF = Trouble(
    subject="P020",
    ground="files_missing",
    severity="minor",
    facts="两个班次的教学日志缺失。",
    decision="责令限期改正。",
)
EARLIER = Trouble(
    subject="P008",
    ground="unruly_classes",
    severity="general",
    facts="抽查两个班次，点名人数与签到人数相差 14 人，部分课时由学员自学代替。",
    decision="责令限期改正，补足课时。",
    advice="没有上够的课时由机构免费补上。",
)
TIP = Trouble(
    subject="P023",
    ground="conditions_lacking",
    severity="general",
    facts="收到反映：实操工位数少于专项报告填报数，待现场核实。",
)
RUMOUR = Trouble(
    subject="P026",
    ground="competitors_disparaged",
    severity="minor",
    facts="收到反映：宣传中贬低其他机构。经查不属实。",
)
EMPLOYER = Trouble(
    subject="U002",
    is_unit=True,
    ground="operator_uncertified",
    severity="general",
    facts="抽查 15 名电工，2 名没有取得特种作业操作证上岗作业。",
    decision="责令限期改正，未取证人员停止作业。",
)


def bring_up_before(bench: Bench, edition_on: date) -> None:
    """Play the case that is on the list when the last edition is composed, and still is today."""
    _listed(bench, EARLIER, edition_on - timedelta(days=40), keep_days=330)


def bring_up(bench: Bench) -> None:
    """Play every case up to the demonstration's day."""
    listed = _listed(bench, HOURS, bench.ago(75))
    _listed(bench, EMPLOYER, bench.ago(58))
    correcting = _listed(bench, FILES, bench.ago(110))
    _rectify(bench, correcting, bench.ago(40))
    _listed(bench, SCOPE, bench.ago(140), keep_days=60)
    _repaired(bench, _listed(bench, ROOMS, bench.ago(220), keep_days=330))
    _served(bench, NOTICE, bench.ago(3))
    _proposed(bench, STAFF, bench.ago(20))
    open_case(bench.stand(bench.ago(5)), _opening(TIP))
    rumour = open_case(bench.stand(bench.ago(30)), _opening(RUMOUR))
    proceedings.close_case(
        bench.stand(bench.ago(24)), rumour.number, rumour.revision, reasons="经查不属实。"
    )
    _rectify(bench, listed, bench.ago(10), confirm=False)


def _opening(trouble: Trouble) -> Opening:
    return Opening(
        subject=trouble.subject,
        is_unit=trouble.is_unit,
        ground=trouble.ground,
        severity=trouble.severity,
        facts=trouble.facts,
        trade=trouble.trade,
    )


def _served(bench: Bench, trouble: Trouble, day: date) -> CaseFile:
    case = open_case(bench.stand(day), _opening(trouble))
    service = proceedings.Service(served_on=day, how="in_person", proof="送达回证由机构签收。")
    return proceedings.serve_notice(bench.stand(day), case.number, case.revision, service)


def _decided(bench: Bench, trouble: Trouble, day: date) -> tuple[CaseFile, date]:
    case = _served(bench, trouble, day)
    if trouble.reply is not None:
        clerk = bench.clerks[trouble.subject]
        stand = bench.stand(day + timedelta(days=2), clerk)
        proceedings.reply_to_notice(
            stand, case.number, case.revision, words=trouble.reply, wants_hearing=False
        )
        stand = bench.stand(day + timedelta(days=6))
        proceedings.answer_statement(
            stand, case.number, case.revision, adopted=False, reasons=trouble.answer
        )
    until = case.reply_until_on or day
    decided_on = until + timedelta(days=1)
    decision = proceedings.Decision(
        number=f"示应急责改〔{decided_on.year}〕{case.id}号",
        decided_on=decided_on,
        words=trouble.decision,
        severity=trouble.severity,
        advice=trouble.advice,
    )
    proceedings.decide_case(bench.stand(decided_on), case.number, case.revision, decision)
    return case, decided_on


def _proposed(
    bench: Bench, trouble: Trouble, day: date, keep_days: int = 180
) -> tuple[CaseFile, date]:
    case, decided_on = _decided(bench, trouble, day)
    earliest, latest = _limits(case, decided_on)
    until = min(max(decided_on + timedelta(days=keep_days), earliest), latest)
    publication.propose_publication(
        bench.stand(decided_on), case.number, case.revision, until_on=until
    )
    return case, decided_on


def _limits(case: CaseFile, day: date) -> tuple[date, date]:
    return publication_limits(case, rules_on(day))


def _listed(bench: Bench, trouble: Trouble, day: date, keep_days: int = 180) -> CaseFile:
    case, decided_on = _proposed(bench, trouble, day, keep_days)
    stand = bench.stand(decided_on + timedelta(days=1), bench.second)
    return publication.publish_entry(stand, case.number, case.revision)


def _rectify(bench: Bench, case: CaseFile, day: date, *, confirm: bool = True) -> None:
    publication.ask_rectification(
        bench.stand(day), case.number, case.revision, words="机构已报送整改方案。"
    )
    if confirm:
        publication.confirm_rectification(
            bench.stand(day + timedelta(days=14)),
            case.number,
            case.revision,
            words="现场复查合格。",
        )


def _repaired(bench: Bench, case: CaseFile) -> None:
    _rectify(bench, case, bench.ago(120))
    publication.propose_end(
        bench.stand(bench.ago(20)),
        case.number,
        case.revision,
        reason=EndReason.REPAIRED,
        document_no=f"示应急复〔{bench.calendar.on.year}〕1号",
        words="复查合格，满最短公示期，依申请提前终止。",
    )
    publication.end_entry(bench.stand(bench.ago(18), bench.second), case.number, case.revision)
