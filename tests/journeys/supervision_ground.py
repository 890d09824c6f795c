"""A town for the tests of supervision: two institutions, an employer, and who acts there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest
from signing import institution, person, signed_in
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.casework.setting_up import become_demonstration
from portal.casework.supervision import case_proceedings as proceedings
from portal.casework.supervision import case_publication as publication
from portal.casework.supervision.cases import Opening, Stand, open_case
from portal.domain.errors import RuleBroken
from portal.domain.people import Role
from portal.rules.rulebook import rules_on
from portal.settings import Settings
from portal.store.cases import CaseFile
from portal.store.institutions import Unit
from portal.store.people import Person
from portal.store.session import transaction
from portal.web.guard import actor_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FACTS = "抽查三个班次，签到表与视频不一致共 12 人次。"
START = date(2026, 3, 2)
Result = TypeVar("Result")


@dataclass
class Ground:
    """The database and its people."""

    engine: Engine

    def stand(self, session: Session, name: str, day: date) -> Stand:
        """Return what an act by that person on that day, at noon, stands on."""
        row = session.scalars(select(Person).where(Person.username == name)).one()
        at = datetime.combine(day, time(4), UTC)
        return Stand(session=session, actor=actor_of(row), at=at, day=day, rules=rules_on(day))

    def do(self, who: str, day: date, act: Callable[[Stand], Result]) -> Result:
        """Let a person act on that day; return what comes of it."""
        with transaction(self.engine) as session:
            return act(self.stand(session, who, day))

    def refused(self, who: str, day: date, act: Callable[[Stand], object]) -> RuleBroken:
        """Let a person try what is refused; return the refusal."""
        with transaction(self.engine) as session:
            here = self.stand(session, who, day)
            with pytest.raises(RuleBroken) as told:
                act(here)
        return told.value

    def proposed(self, subject: str = "T1", *, is_unit: bool = False) -> CaseFile:
        """Return a case that waits for its second person, on the day after its reply's days."""
        ground = "staff_untrained" if is_unit else "outline_not_followed"
        opening = Opening(
            subject=subject, is_unit=is_unit, ground=ground, severity="general", facts=FACTS
        )
        with transaction(self.engine) as session:
            here = self.stand(session, "first", START)
            case = open_case(here, opening)
            known = here.rules.ground(ground)
            evidence = dict.fromkeys(known.evidence if known else (), "卷一")
            proceedings.keep_evidence(here, case.number, case.revision, evidence=evidence)
            service = proceedings.Service(served_on=START, how="post", proof="邮件单号")
            proceedings.serve_notice(here, case.number, case.revision, service)
            day = (case.reply_until_on or START) + timedelta(days=1)
            later = self.stand(session, "first", day)
            decision = proceedings.Decision(
                number="示应急责改〔2026〕1号",
                decided_on=day,
                words="责令改正",
                severity="general",
                advice="",
            )
            proceedings.decide_case(later, case.number, case.revision, decision)
            until = day + timedelta(days=200)
            return publication.propose_publication(
                later, case.number, case.revision, until_on=until
            )

    def published(self, subject: str = "T1", *, is_unit: bool = False) -> CaseFile:
        """Return a case that is on the list from the day of its decision on."""
        case = self.proposed(subject, is_unit=is_unit)
        with transaction(self.engine) as session:
            here = self.stand(session, "second", case.decided_on or START)
            return publication.publish_entry(here, case.number, case.revision)


def reader(settings: Settings, day: date, seconds: int = 0, who: str = "") -> FlaskClient:
    """Return a browser on that day, some seconds after noon."""
    fields = {name: getattr(settings, name) for name in settings.__slots__}
    now = datetime.combine(day, time(4), UTC) + timedelta(seconds=seconds)
    app = create_app(Settings(**(fields | {"now": now})))
    app.config["WTF_CSRF_ENABLED"] = False
    return signed_in(app, who) if who else app.test_client()


def begun(engine: Engine) -> Ground:
    """Settle the town in a place whose clock the test can set."""
    with transaction(engine) as session:
        become_demonstration(session, "putuo", START, datetime.combine(START, time(4), UTC))
    return settled(engine)


def settled(engine: Engine) -> Ground:
    """Settle the town."""
    for code in ("T1", "T2"):
        institution(engine, code)
    with transaction(engine) as session:
        session.add(Unit(code="U1", name="示例用人单位", area_code="310107005"))
    for name in ("first", "second"):
        person(engine, name, Role.REGULATOR)
    person(engine, "clerk", Role.INSTITUTION, institution_code="T1")
    return Ground(engine)
