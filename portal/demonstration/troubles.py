"""What the cases of the invented world are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.casework.supervision.cases import Stand
from portal.demonstration.script import Calendar
from portal.domain.cases import CaseSource, Penalty
from portal.domain.people import Actor
from portal.rules.rulebook import rules_on

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


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a statement, and what became of it."""

    words: str
    adopted: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a case is about; no ``points``: the subject says nothing in its days."""

    subject: str
    ground: str
    severity: str
    facts: str
    is_unit: bool = False
    trade: str | None = None
    points: tuple[Point, ...] = ()
    decision: str = "责令限期改正，改正期间暂停该工种招生。"
    affected: str = ""
    advice: str = ""
    correct_days: int | None = 30
    penalty: Penalty = Penalty.NONE
    amount: int | None = None
    source: CaseSource = CaseSource.INSPECTION


HOURS = Trouble(
    subject="P005",
    ground="outline_not_followed",
    severity="general",
    trade=_LOW_VOLTAGE,
    facts="抽查三个班次，实操平均 19 课时，少于大纲要求；签到表与视频记录不一致 12 人次。",
    points=(
        Point(
            "其中一个班停电两天，这两天的课停了，不是少上。",
            adopted=True,
            reasons="停电时间已核实，从缺少的课时中扣除。",
        ),
        Point(
            "缺的课时后来已经补上。",
            adopted=False,
            reasons="补课没有签到，也没有视频记录。",
        ),
    ),
    affected="2026年春季第一、二、三班，共 71 名学员。",
    correct_days=110,
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
    source=CaseSource.TIP,
    ground="conditions_lacking",
    severity="general",
    facts="收到反映：实操工位数少于专项报告填报数，待现场核实。",
)
RUMOUR = Trouble(
    subject="P026",
    source=CaseSource.TIP,
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
    decision="责令限期改正，未取证人员停止作业；处罚款 20,000 元。",
    penalty=Penalty.FINE,
    amount=20_000,
)
DISPUTED = Trouble(
    subject="P010",
    ground="unruly_classes",
    severity="general",
    facts="开班三天没有报送班级计划，到场学员 41 人，登记 48 人。",
    decision="责令限期改正。",
    advice="登记和到场人数不符的班次重新核对，学员可以到机构查自己的学时。",
)
STOPPED = Trouble(
    subject="P009",
    ground="teaching_tied_to_exam",
    severity="serious",
    source=CaseSource.ANOMALY,
    facts="授课教师同时担任同一考点的考评员，涉及 2 个场次。",
    decision="责令改正；责令停止培训一个月。",
    penalty=Penalty.SUSPENSION,
    advice="已经报名的，可以改到其他机构，由本机构退还未上课时的学费。",
)
QUASHED = Trouble(
    subject="P012",
    ground="files_missing",
    severity="minor",
    facts="一个班次缺少结业考核材料。",
    decision="责令限期补齐。",
)
