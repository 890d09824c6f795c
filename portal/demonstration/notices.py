"""What the office publishes in words: notices, a text of the law library and a good example."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.casework.notices import Text, publish_notice, write_notice
from portal.demonstration.script import Calendar
from portal.domain.people import Actor

_LAW = Text(
    kind="law",
    title="特种作业证的规定从2026年6月1日起怎么变",
    title_en="What changes for special operators on 1 June 2026",
    body="""从2026年6月1日起，特种作业操作证的规定有几处变化。

| 事项 | 以前 | 现在 |
| --- | --- | --- |
| 复审 | 每3年一次 | 不再复审，6年到期换证 |
| 理论补考 | 一次 | 不限次数 |
| 实操补考 | 一次 | 最多考5次，不过的从理论重新考 |
| 在哪里考 | 户籍地或者工作地 | 全国任何考试机构 |

### 学员要做什么

- 证没有到期的，照常使用，不用复审。
- 到期前在任何一家考试机构申请换证。

各工种的说明见[全部工种和岗位](/trades)。

> 本文是摘要，以《特种作业人员安全技术考核管理规定》原文为准。""",
    body_en="""From 1 June 2026 several rules on the special operator's certificate are different.

| What | Before | Now |
| --- | --- | --- |
| Review | every 3 years | none; renewal when 6 years are over |
| Retakes in theory | one | as many as needed |
| Retakes in practice | one | up to 5 attempts, then theory again |
| Where to sit | at home or at work | with any exam authority of the country |

### What to do

- A certificate that has not run out stays good; it needs no review.
- Before it runs out, apply to any exam authority for a new one.

> A summary: the rules on the safety examination of special operators decide.""",
)
_REPORTING = Text(
    title="关于报送本期专项报告的通知",
    title_en="Special reports are due",
    body="""各培训机构请在报送期内登录机构工作台，填报场所、教师、设备和质量控制情况。

逾期报送的会注明“逾期”，未报送的会在机构页面上说明。""",
    body_en="""Training institutions: please sign in and report on venues, teachers, equipment and \
quality control while the period is open.

A late report is marked as late; a missing one is told on the institution's page.""",
)
_PRACTICE = Text(
    kind="practice",
    title="实操课分组轮换，人人动手",
    title_en="Rotating groups: everybody does the work",
    body="""**做法**：一个实操班分成四组，每组六人，四个工位轮换；每人每次课至少独立操作两遍，\
教师当场记在练习卡上。

## 为什么好

1. 人人动手，不是看别人做。
2. 练习卡留在学员档案里，检查时看得到。

机构可以参照，也可以有自己的办法。""",
    body_en="""**How**: a practical class is split into four groups of six that rotate through \
four work stations. In every lesson each trainee does the job alone at least twice, and the \
teacher notes it on a practice card.

## Why it is good

1. Everybody works instead of watching.
2. The card stays in the trainee's file, where inspectors can see it.

Institutions may follow this example or find their own way.""",
)
_CHECKING = Text(
    title="本期通过率和满意率核对提示",
    title_en="Check your own figures before publication",
    body="本期数据已由考试机构提供，各机构可以在工作台核对自己的数据，有异议的请附证据提出。",
    body_en="The exam authority has delivered the results of this period. Institutions can check "
    "their own figures at their desk; please send evidence with an objection.",
)
_DAYS_AGO = ((95, _LAW), (70, _REPORTING), (45, _PRACTICE), (20, _CHECKING))


def write_notices(session: Session, actor: Actor, calendar: Calendar) -> None:
    """Publish the notices of the last weeks, a text of the law library and a good example."""
    for days, text in _DAYS_AGO:
        day = calendar.on - timedelta(days=days)
        at = calendar.at(day)
        notice = write_notice(session, actor, text, at=at)
        session.flush()
        publish_notice(session, actor, notice.id, day, today=day, at=at)
