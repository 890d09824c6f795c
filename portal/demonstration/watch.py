"""Inspections, letters, bulletins and a traced accident of the invented world."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.casework.supervision import inspections, letters, traces
from portal.casework.supervision.cases import Stand
from portal.demonstration.proceedings import bring_up_from
from portal.demonstration.script import chance
from portal.demonstration.troubles import TIP, Bench
from portal.publication.listing.bulletins import due_bulletins, issue_bulletin
from portal.rules.office import Office
from portal.store.inspections import Inspection

_LONG_AGO = 50
_US = ("示例应急管理局",)
_TOGETHER = ("示例应急管理局", "示例人力资源局", "示例消防救援大队")
_PLANS = (
    ("P005", 76),
    ("P011", 60),
    ("P024", 30),
    ("P020", 12),
    ("P002", 5),
    ("P021", -20),
    ("U002", -30),
)
_VISITS = (
    ("P005", 76, "outline", "实操少于大纲学时。"),
    ("P011", 60, "files", "学员档案没有考勤记录。"),
    ("P020", 12, "", ""),
)
_LETTERS = (
    ("tip", "P023", "实操课只上了一半，老师让我们自己看录像。", 9, ""),
    ("tip", "P005", "招生时说包过，还要另外交钱。", 34, "已经列入检查，结果会在问题名单公布。"),
    (
        "help",
        "",
        "我们是小企业，找不到能教叉车的机构。",
        26,
        "已经把附近三家机构的开班日期发给你们。",
    ),
    ("help", "", "新来的电工证件在外省，能不能在这里换证？", 4, ""),
)
_CHAIN = (
    ("worker", "sound", "本人确在岗位名册，受雇三个月。"),
    ("certificate", "sound", "证书在有效期内。"),
    ("sitting", "sound", "考试记录与准考名单一致。"),
    ("class", "breach", "班级签到有两天缺失，实操学时不足。"),
    ("teacher", "sound", "授课教师持证。"),
    ("institution", "breach", "机构没有按大纲安排实操。"),
)


def keep_watch(bench: Bench, office: Office) -> None:
    """Play what supervision did up to the demonstration's day."""
    _inspect(bench)
    _write(bench)
    _trace(bench)
    quarter = bench.stand(bench.calendar.on)
    for planned in due_bulletins(bench.session, office, quarter.day):
        year = planned.year
        here = bench.stand(planned)
        issue_bulletin(here, office, planned_on=planned, document_no=f"示安委办通〔{year}〕3号")


def _inspect(bench: Bench) -> None:
    start = bench.stand(bench.ago(90))
    planned = {code: _planned(bench, start, code, days) for code, days in _PLANS}
    for code, days, item, words in _VISITS:
        _done(bench.stand(bench.ago(days)), planned[code], item, words)
    inspections.waive_inspection(
        bench.stand(bench.ago(28)),
        planned["P024"].number,
        reason="机构停业装修，没有在办班级，改到下季度检查。",
        signer="示例局长甲",
    )
    _drawn(bench)


def _planned(bench: Bench, start: Stand, code: str, days: int) -> Inspection:
    is_unit = code.startswith("U")
    plan = inspections.Plan(
        subject=code,
        is_unit=is_unit,
        checklist="manufacturing" if is_unit else "institutions",
        planned_on=bench.ago(days),
        departments=_TOGETHER if is_unit or days > _LONG_AGO else _US,
    )
    return inspections.plan_inspection(start, plan)


def _done(here: Stand, inspection: Inspection, item: str = "", words: str = "") -> None:
    checklist = inspections.checklist_of(inspection)
    results = {one.key: "ok" for one in checklist.items if one.key != item}
    inspections.record_results(here, inspection.number, results)
    if item:
        found = inspections.Found(
            item=item, department=_TOGETHER[0], words=words, evidence="照片六张，笔录一份"
        )
        inspections.add_finding(here, inspection.number, found)
    inspections.finish_inspection(here, inspection.number, inspectors="示例甲、示例乙")


def _drawn(bench: Bench) -> None:
    for ago, due in ((70, 40), (6, -25)):
        here = bench.stand(bench.ago(ago))
        draw = inspections.draw_inspections(
            here,
            count=3,
            planned_on=bench.ago(due),
            departments=_US,
            seed=f"{chance('draw', ago).getrandbits(128):032x}",
        )
        if due > 0:
            mine = select(Inspection).where(Inspection.draw_id == draw.id)
            for inspection in bench.session.scalars(mine).all():
                _done(bench.stand(bench.ago(due)), inspection)


def _write(bench: Bench) -> None:
    for kind, code, words, ago, answer in _LETTERS:
        here = bench.stand(bench.ago(ago))
        written = letters.Written(kind=kind, words=words, code=code, about=code or "示例用人单位")
        letter, _ = letters.receive_letter(here, written)
        later = bench.stand(bench.ago(ago) + timedelta(days=3))
        letters.accept_letter(later, letter.number)
        if code == TIP.subject:
            bring_up_from(bench, TIP, bench.ago(5), letter.number)
        if answer:
            done = bench.stand(bench.ago(ago) + timedelta(days=12))
            letters.answer_letter(done, letter.number, words=answer)


def _trace(bench: Bench) -> None:
    here = bench.stand(bench.ago(64))
    trace = traces.open_trace(
        here, happened_on=bench.ago(66), words="高处作业坠落，一人受伤。", unit="U002"
    )
    for step, outcome, words in _CHAIN:
        code = "P005" if step == "institution" else ""
        link = traces.Link(
            step=step, outcome=outcome, words=words, evidence="调查卷宗", institution=code
        )
        traces.set_link(here, trace.number, link)
    day = bench.ago(30)
    result = traces.Result(
        decision_no=f"示应急调〔{day.year}〕1号",
        words="一人证书有效，但培训班实操学时不足、签到缺失。培训机构的问题另案处理。",
        until_on=day + timedelta(days=180),
    )
    traces.propose_result(bench.stand(day), trace.number, result)
    traces.publish_result(bench.stand(day + timedelta(days=1), bench.second), trace.number)
    open_one = bench.stand(bench.ago(4))
    traces.open_trace(open_one, happened_on=bench.ago(5), words="触电，一人受伤，正在倒查。")
