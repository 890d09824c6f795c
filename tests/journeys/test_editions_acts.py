"""From counts to a sealed edition: who may do it, what stands in the way, what is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from editions_desk import Desk, change_a_tally
from editions_ground import AT, PERIOD
from sqlalchemy import select

from portal.domain.errors import Conflict, NotAllowed, NotFound, RuleBroken
from portal.domain.period import Period
from portal.publication.editions.approving import drop_draft
from portal.publication.editions.copies import mend_copies
from portal.publication.editions.sealing import seal_approved, seal_as_operator
from portal.publication.verification.recomputing import recomputed
from portal.publication.verification.verifying import keys_in, opened
from portal.rules.rulebook import rules_on
from portal.settings import ROOT, machine_clock
from portal.store.editions import Edition, EditionApproval, EditionStanding, EditionTrade
from portal.store.people import Person
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from portal.rules.office import Office
    from portal.settings import Settings


@pytest.fixture
def desk(engine: Engine, office: Office, settings: Settings) -> Desk:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Desk(engine, office, settings.data_dir)


def test_two_persons_seal_an_edition_that_verifies(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    desk.seal("li", number, shown)
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition)).one()
        assert (edition.state, edition.sealed_by, edition.by_operator) == (
            "sealed",
            ["wang", "li"],
            False,
        )
        found = opened(edition.bundle or b"", keys_in(desk.data_dir / "keys" / "public"))
    assert recomputed(found) > 100
    assert found.manifest["sealed_by"] == ["wang", "li"]
    assert desk.acts() == [
        "edition.composed",
        "edition.approved",
        "edition.approved",
        "edition.sealed",
    ]


def test_pages_read_what_the_bundle_holds(desk: Desk) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    with reading(desk.engine) as session:
        trades = {row.trade: row for row in session.scalars(select(EditionTrade))}
        rows = session.scalars(
            select(EditionStanding)
            .where(EditionStanding.trade == "low-voltage-electrician")
            .order_by(EditionStanding.position)
        ).all()
    assert trades["low-voltage-electrician"].measure == "first_attempt"
    assert trades["high-voltage-electrician"].measure == "passed_of_sat"
    assert trades["low-voltage-electrician"].counts["withheld"] == 2
    assert [row.position for row in rows] == list(range(1, 9))
    assert (rows[0].institution_code, rows[0].rank_low, rows[0].band) == ("T001", 1, "above")
    last = rows[-1]
    assert (last.rate, last.sat, last.band) == (None, None, "withheld")
    assert last.withheld["rate"] == "withheld.fewer_than_10"
    assert last.trend[-1] == {"period": PERIOD, "reason": "withheld.fewer_than_10"}
    assert rows[0].trend[-1]["trials"] == 402


def test_nobody_seals_alone(desk: Desk) -> None:
    number, shown = desk.compose()
    with pytest.raises(RuleBroken, match="approvals_missing"):
        desk.seal("wang", number, shown)
    desk.approve("wang", number, shown)
    with pytest.raises(RuleBroken, match="approvals_missing"):
        desk.seal("wang", number, shown)
    assert desk.count(EditionStanding) == 0


def test_an_admin_neither_composes_nor_seals(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.compose(by=desk.actor("zhao"))
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    for act in (desk.approve, desk.seal):
        with pytest.raises(NotAllowed):
            act("zhao", number, shown)


def test_new_data_void_the_approval(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    change_a_tally(desk)
    with pytest.raises(RuleBroken, match="inputs_changed"):
        desk.seal("li", number, shown)
    again, new = desk.compose()
    assert (again, new != shown) == (number, True)
    with pytest.raises(Conflict, match=r"edition\.changed"):
        desk.seal("li", number, shown)
    with pytest.raises(RuleBroken, match="approvals_missing"):
        desk.seal("li", number, new)


def test_new_rules_stand_in_the_way(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    desk.rules = replace(desk.rules, canonical=desk.rules.canonical.replace("0.975", "0.9"))
    with pytest.raises(RuleBroken, match="rules_changed"):
        desk.seal("li", number, shown)


def test_composing_again_without_news_changes_nothing(desk: Desk) -> None:
    first = desk.compose()
    assert desk.compose() == first
    assert desk.acts() == ["edition.composed"]
    desk.operator_seals(first[0])
    with pytest.raises(Conflict, match="nothing_new"):
        desk.compose()


def test_a_correction_is_a_new_edition(desk: Desk) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    change_a_tally(desk)
    second, _ = desk.compose()
    desk.operator_seals(second)
    with reading(desk.engine) as session:
        first, corrected = session.scalars(select(Edition).order_by(Edition.number))
        assert (corrected.number, corrected.replaces) == (2, 1)
        assert corrected.previous_sha256 == first.manifest_sha256


def test_editions_are_sealed_in_their_order(desk: Desk) -> None:
    first, shown = desk.compose("2025-H1")
    second, _ = desk.compose(PERIOD)
    with pytest.raises(RuleBroken, match="earlier_draft"):
        desk.operator_seals(second)
    with pytest.raises(Conflict, match="later_draft"), transaction(desk.engine) as session:
        drop_draft(session, desk.actor("wang"), first, shown, AT)


def test_a_draft_can_be_dropped(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    with transaction(desk.engine) as session:
        drop_draft(session, desk.actor("li"), number, shown, AT)
    assert (desk.count(Edition), desk.count(EditionApproval)) == (0, 0)
    assert desk.acts()[-1] == "edition.dropped"


def test_a_period_that_runs_still_is_not_sealed(desk: Desk) -> None:
    number, _ = desk.compose()
    with transaction(desk.engine) as session:
        ground = replace(desk.ground(session), day=Period.parse(PERIOD).ends_on)
        with pytest.raises(RuleBroken, match="period_not_over"):
            seal_as_operator(ground, number)


def test_a_period_without_data_is_not_composed(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="no_data"):
        desk.compose("2019-H1")


def test_rights_that_ended_end_the_approval(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    with transaction(desk.engine) as session:
        wang = session.scalars(select(Person).where(Person.username == "wang")).one()
        wang.ended_at = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(RuleBroken, match="approver_gone"):
        desk.seal("li", number, shown)


def test_the_command_seals_what_both_approved(desk: Desk) -> None:
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    tries = {
        ("wang", "li"): RuleBroken,
        ("wang", "wang"): NotAllowed,
        ("wang", "zhao"): NotAllowed,
        ("wang", "nobody"): RuleBroken,
    }
    for names, refusal in tries.items():
        with transaction(desk.engine) as session, pytest.raises(refusal):
            seal_approved(desk.ground(session), number, names)
    desk.approve("li", number, shown)
    with transaction(desk.engine) as session:
        seal_approved(desk.ground(session), number, ("wang", "li"))
    with pytest.raises(Conflict, match="sealed_already"):
        desk.operator_seals(number)
    with pytest.raises(NotFound):
        desk.operator_seals(99)


def test_lost_copies_come_back(desk: Desk) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    copy = desk.data_dir / "editions" / "1.zip"
    for harm in (lambda: None, copy.unlink, lambda: copy.write_bytes(b"")):
        harm() if copy.exists() else None
        with reading(desk.engine) as session:
            assert mend_copies(session, desk.data_dir) == [1]
    with reading(desk.engine) as session:
        assert mend_copies(session, desk.data_dir) == []


def test_the_private_key_is_the_owners_alone(desk: Desk) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    private = desk.data_dir / "keys" / "private" / "signing.pem"
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.parent.stat().st_mode & 0o777 == 0o700


KILLED = """
import os, signal, sys
from sqlalchemy import event
from portal.cli import editions, ground
from portal.cli.main import portal
left = int(sys.argv[1])
made = ground.make_engine
def counted(url):
    engine = made(url)
    def step(*_):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    return engine
ground.make_engine = counted
portal(["publish", "1", "--operator"])
"""


@pytest.mark.parametrize("statement", [14, 15, 17, 18, 19, 20, 22])
def test_killed_while_sealing_leaves_none_or_a_whole_one(
    desk: Desk, settings: Settings, statement: int
) -> None:
    desk.rules = rules_on(machine_clock().astimezone(desk.office.zone).date())
    desk.compose()
    environment = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(desk.data_dir),
    }
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(statement)],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
    )
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition)).one()
        whole = edition.state == "sealed"
        assert (edition.bundle is not None) is whole
        if whole:
            opened(edition.bundle or b"", keys_in(desk.data_dir / "keys" / "public"))
    assert desk.count(EditionStanding) == (16 if whole else 0)
    assert ("edition.sealed" in desk.acts()) is whole
    assert run.returncode in {0, -signal.SIGKILL}, run.stderr.decode()
    if not whole:
        desk.operator_seals(1)
