"""The migrations: they make what the models say, and a filled database goes through them whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from handed import Hand, exam
from sqlalchemy import Engine, select, text

from portal.rules.office import Office
from portal.store import migrations
from portal.store.exams import ExamResult
from portal.store.receipts import ReplacedRow
from portal.store.schema import upgrade
from portal.store.session import reading, transaction
from portal.store.tables import METADATA

CELL = ("low-voltage-electrician", "2026-H1")


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into the site, with two institutions registered."""
    hand = Hand(engine, office)
    hand.register("P001", "P002")
    return hand


def scores(hand: Hand) -> list[float | None]:
    """Return the practical scores that stand."""
    with reading(hand.engine) as session:
        return list(session.scalars(select(ExamResult.practical_score)))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to a revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_results_lose_their_hashes_and_nothing_else(hand: Hand) -> None:
    """A row that two files say, and one that was corrected, stand as before the migration."""
    first = hand.exams(exam(1), exam(2))
    second = hand.exams(exam(2), exam(3))
    third = hand.reissue(second, exam(2), exam(3, practical_score=95))
    _through_version_6(hand.engine)
    with reading(hand.engine) as session:
        contents = list(session.scalars(select(ReplacedRow.content)))
    assert contents
    assert not [name for one in contents for name in one if name in _GONE]
    hand.take_back(first)
    assert hand.counted() == {CELL: (2, 2, 2, 2, 2)}
    hand.take_back(third)
    assert scores(hand) == [91, 91]


def test_who_said_what_was_corrected_since_says_it_still(hand: Hand) -> None:
    first = hand.exams(exam(1), exam(2))
    hand.exams(exam(1))
    corrected = hand.reissue(first, exam(1, practical_score=95))
    _through_version_6(hand.engine)
    hand.take_back(corrected)
    assert scores(hand) == [91, 91]
    hand.take_back(first)
    assert scores(hand) == [91]


_GONE = ("content_hash", "name_hash", "ticket_hash")


def _through_version_6(engine: Engine) -> None:
    """Take a database down to version 6, with the hashes of contents that it had, and up again."""
    downgrade(engine, "0006")
    with engine.begin() as connection:
        content = "natural_key || CAST(practical_score AS INTEGER)"
        connection.execute(text(f"UPDATE exam_result SET content_hash = {content}"))  # noqa: S608
        connection.execute(text("UPDATE said_again SET said = natural_key || '91'"))
    with transaction(engine) as session:
        for row in session.scalars(select(ReplacedRow)):
            told = f"{row.content['natural_key']}{row.content['practical_score']:.0f}"
            row.content = row.content | dict.fromkeys(_GONE, told)
    upgrade(engine)
