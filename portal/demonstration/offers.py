"""What is public beside the figures: fees, classes, phones, a suspension, notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.casework.institutions.offers import (
    ClassWords,
    FeeWords,
    Now,
    add_class,
    state_fee,
    state_phone,
)
from portal.casework.institutions.states import NewState, set_state
from portal.casework.notices import Text, publish_notice, write_notice
from portal.demonstration.cast import SUSPENDED, Player
from portal.demonstration.script import Calendar, chance
from portal.domain.people import Actor

_FEES = (82000, 89000, 96000, 98000, 105000, 112000, 118000, 126000)
_SCHEDULES = ("weekday", "weekend", "evening")
_WITHOUT_OFFER = 8
_REPORTING = """各培训机构请在报送期内登录机构工作台，填报场所、教师、设备和质量控制情况。

逾期报送的会注明“逾期”，未报送的会在机构页面上说明。"""
_CHECKING = "本期数据已由考试机构提供，各机构可以在工作台核对自己的数据，有异议的请附证据提出。"
_LAW = """从2026年6月1日起，特种作业操作证的规定有几处变化。

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

> 本文是摘要，以《特种作业人员安全技术考核管理规定》原文为准。"""
_PRACTICE = """**做法**：一个实操班分成四组，每组六人，四个工位轮换；每人每次课
至少独立操作两遍，教师当场记在练习卡上。

## 为什么好

1. 人人动手，不是看别人做。
2. 练习卡留在学员档案里，检查时看得到。

机构可以参照，也可以有自己的办法。"""


def state_offer(session: Session, clerk: Actor, player: Player, calendar: Calendar) -> None:
    """State an institution's phone, and for each trade its fee and next class; some state none."""
    if player.closed_on is not None or player.place % _WITHOUT_OFFER == _WITHOUT_OFFER - 1:
        return
    dice = chance("offer", player.code)
    day = calendar.on - timedelta(days=3 + player.place % 40)
    now = Now(day=day, at=calendar.at(day))
    state_phone(session, clerk, f"000-0000{player.place + 1:04d}", now)
    for trade in player.trades:
        words = FeeWords(
            trade=trade,
            total_cents=dice.choice(_FEES),
            includes="含教材和实操耗材，不含考试费",
            retake_cents=dice.choice((0, 20000, 30000)),
            material_cents=0,
        )
        state_fee(session, clerk, words, now)
        starts_on = calendar.on + timedelta(days=dice.randrange(2, 45))
        schedule = dice.choice(_SCHEDULES)
        places = dice.randrange(0, 30)
        add_class(
            session,
            clerk,
            ClassWords(trade=trade, starts_on=starts_on, schedule=schedule, free_places=places),
            now,
        )


def suspend_one(session: Session, actor: Actor, cast: Sequence[Player], calendar: Calendar) -> None:
    """Suspend the enrolment of one institution for a while."""
    suspended = cast[SUSPENDED]
    day = calendar.on - timedelta(days=12)
    new = NewState(
        state="suspended",
        from_on=day,
        until_on=None,
        trade=None,
        reason="搬迁期间暂停招生。",
        decision_no=None,
    )
    set_state(session, actor, suspended.code, new, at=calendar.at(day))


def write_notices(session: Session, actor: Actor, calendar: Calendar) -> None:
    """Publish the notices of the last weeks, a text of the law library and a good example."""
    for days, text in (
        (95, Text(kind="law", title="特种作业证的规定从2026年6月1日起怎么变", body=_LAW)),
        (70, Text(title="关于报送本期专项报告的通知", body=_REPORTING)),
        (45, Text(kind="practice", title="实操课分组轮换，人人动手", body=_PRACTICE)),
        (20, Text(title="本期通过率和满意率核对提示", body=_CHECKING)),
    ):
        day = calendar.on - timedelta(days=days)
        at = calendar.at(day)
        notice = write_notice(session, actor, text, at=at)
        session.flush()
        publish_notice(session, actor, notice.id, day, today=day, at=at)
