"""The desk of the tests of editions: the same acts that pages and commands call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from editions_ground import AT, PERIOD, fill
from sqlalchemy import func, select

from portal.casework.editions.factual_checks import open_checks, to_ask
from portal.casework.supervision.cases import Stand
from portal.domain.people import OPERATOR, Actor
from portal.domain.period import Period
from portal.publication.editions.approving import approve, keep_draft
from portal.publication.editions.blocks import own_to_check
from portal.publication.editions.composing import Prepared, Why, drafted, prepared
from portal.publication.editions.sealing import Ground, seal_as_operator, seal_as_second
from portal.rules.rulebook import rules_on
from portal.store.audit import AuditEvent, first_break
from portal.store.editions import Edition
from portal.store.exams import Tally
from portal.store.people import Person
from portal.store.session import reading, transaction
from portal.store.site import site_of
from portal.web.guard import actor_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from portal.rules.office import Office


LONG_AGO = timedelta(days=30)


class Desk:
    """What the acts of these tests stand on."""

    def __init__(self, engine: Engine, office: Office, data_dir: Path) -> None:
        """Fill the database."""
        fill(engine)
        self.engine, self.office, self.data_dir = engine, office, data_dir
        self.rules = rules_on(AT.date())

    def actor(self, name: str) -> Actor:
        """Return a person as the web knows them."""
        with reading(self.engine) as session:
            return actor_of(session.scalars(select(Person).where(Person.username == name)).one())

    def prepared(self, period: str = PERIOD) -> Prepared:
        """Return what a draft would be computed from."""
        with reading(self.engine) as session:
            site = site_of(session)
            assert site
            return prepared(session, Period.parse(period), self.rules, self.office, site)

    def compose(
        self, period: str = PERIOD, by: Actor = OPERATOR, *, checked: bool = True, why: str = ""
    ) -> tuple[int, str]:
        """Compose a draft, which institutions had time to check; return its number and its hash."""
        ground = replace(self.prepared(period), why=Why(zh=why))
        draft = drafted(ground)
        with transaction(self.engine) as session:
            edition = keep_draft(session, by, draft, AT)
            session.flush()
            if checked:
                self._check(session, edition, ground)
            return edition.number, edition.draft_sha256

    def check(self, number: int) -> None:
        """Let institutions have had time to check a draft."""
        with transaction(self.engine) as session:
            edition = session.scalars(select(Edition).where(Edition.number == number)).one()
            self._check(session, edition, self.prepared(edition.period))

    def _check(self, session: Session, edition: Edition, ground: Prepared) -> None:
        own = own_to_check(session, edition, ground)
        if to_ask(session, edition, own):
            open_checks(self.stand(session, "wang", AT.date() - LONG_AGO), edition, own)

    def stand(self, session: Session, name: str, day: date) -> Stand:
        """Return what a person's act on a day stands on."""
        return Stand(session=session, actor=self.actor(name), at=AT, day=day, rules=self.rules)

    def ground(self, session: Session) -> Ground:
        """Return what sealing stands on."""
        site = site_of(session)
        assert site
        return Ground(
            session=session,
            rules=self.rules,
            office=self.office,
            site=site,
            at=AT,
            day=AT.date(),
            data_dir=self.data_dir,
        )

    def approve(self, name: str, number: int, shown: str) -> None:
        """Approve at the desk."""
        with transaction(self.engine) as session:
            approve(session, self.actor(name), number, shown, AT)

    def seal(self, name: str, number: int, shown: str) -> None:
        """Seal at the desk as the second person."""
        with transaction(self.engine) as session:
            seal_as_second(self.ground(session), self.actor(name), number, shown)

    def operator_seals(self, number: int) -> None:
        """Seal at the command line without approvals."""
        with transaction(self.engine) as session:
            seal_as_operator(self.ground(session), number)

    def count(self, table: type) -> int:
        """Return how many rows a table has."""
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def acts(self) -> list[str]:
        """Return the audit trail's acts on editions."""
        with reading(self.engine) as session:
            assert first_break(session) is None
            asked = select(AuditEvent.act).where(AuditEvent.act.startswith("edition."))
            return list(session.scalars(asked.order_by(AuditEvent.id)))


def change_a_tally(desk: Desk) -> None:
    """Let one institution have one more pass."""
    with transaction(desk.engine) as session:
        tally = session.scalars(
            select(Tally).where(Tally.period == PERIOD, Tally.sat > 200).order_by(Tally.id)
        ).first()
        assert tally
        assert tally.passed_first is not None
        tally.passed_first -= 1
