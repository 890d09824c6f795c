"""Whatever stands in a file: its rows reconcile, and the tallies are what the rows say."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import hypothesis
import pytest
from handed import AT, COUNTS, EXAM_HEADER, Hand, csv_of, exam
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.casework.setting_up import set_up
from portal.domain.errors import RuleBroken
from portal.domain.exam import ExamStatus, Marks, passed, passed_first, sat
from portal.intake.files.checking import Judged
from portal.intake.files.formats import Kind
from portal.intake.files.spool import Staged
from portal.intake.handing_in import Outcome, Wish
from portal.intake.kinds.exam_columns import ExamColumns
from portal.intake.kinds.exam_newcomers import Newcomers
from portal.rules.office import load_office
from portal.settings import ROOT
from portal.store.exams import ExamResult, Tally
from portal.store.receipts import Receipt
from portal.store.session import make_engine, reading, transaction

Maker = Callable[[], Hand]
TEXTS = st.sampled_from(
    ["", "0", "79", "80", "88.5", "缺考", "八十五", "101", "2026-03-05", "2026-09-01", "5/3/26",
     "P001", "P002", "P009", "个人", "normal", "absent", "复审", "初训", "1", "2", "=1+1", "a\0b",
     "合计", "x" * 300]
)  # fmt: skip
ODD = st.one_of(TEXTS, st.text(max_size=12))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    """Draw a row: a good one, with some cells changed to anything."""
    number = draw(st.integers(1, 6))
    changed = draw(st.dictionaries(st.sampled_from(EXAM_HEADER), ODD, max_size=3))
    return exam(number) | changed


@pytest.fixture
def fresh(migrated_file: Path, tmp_path: Path) -> Iterator[Maker]:
    """Yield what makes a site of its own for each example."""
    text = (ROOT / "data/office/putuo.toml").read_text(encoding="utf-8")
    engines: list[Engine] = []

    def make() -> Hand:
        path = tmp_path / f"{len(engines)}.db"
        shutil.copyfile(migrated_file, path)
        engine = make_engine(f"sqlite:///{path}")
        engines.append(engine)
        with transaction(engine) as session:
            set_up(session, text, AT)
        hand = Hand(engine, load_office(text))
        hand.register("P001", "P002")
        return hand

    yield make
    for engine in engines:
        engine.dispose()


@given(drawn=st.lists(rows(), min_size=1, max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_always_reconcile(fresh: Maker, drawn: list[dict[str, object]]) -> None:
    hand: Hand = fresh()
    content = csv_of(drawn)
    try:
        outcome = hand.give(Kind.EXAMS, content, wish=Wish(partial=True))
    except RuleBroken as refused:
        hypothesis.event(refused.key)
        return  # as a whole, in words: no row of it is lost in silence
    skipped = sum(one.get("until", one["line"]) - one["line"] + 1 for one in outcome.skipped)
    assert outcome.rows_read == outcome.accepted + outcome.merged + outcome.refused
    assert outcome.rows_read + skipped == len(drawn)
    assert len({(one.sheet, one.line) for one in outcome.refusals}) == outcome.refused
    assert all(one.words(lang) for one in outcome.refusals for lang in ("zh", "en"))
    assert (outcome.receipt is not None) is (outcome.accepted > 0 or outcome.refused == 0)
    assert hand.give(Kind.EXAMS, content, wish=Wish(partial=True)).accepted == (
        0 if outcome.receipt else outcome.accepted
    )


SCORES = st.sampled_from([None, 60, 80, 95])


@st.composite
def sittings(draw: st.DrawFn) -> list[tuple[int, int, ExamStatus, int | None, int | None]]:
    """Draw sittings of a few persons: person, attempt, status and two scores."""
    drawn: dict[tuple[int, int], tuple[ExamStatus, int | None, int | None]] = {}
    for _ in range(draw(st.integers(1, 10))):
        key = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        status = draw(st.sampled_from([ExamStatus.NORMAL, ExamStatus.ABSENT, ExamStatus.VIOLATION]))
        theory = draw(st.sampled_from([60, 80, 95])) if status is ExamStatus.NORMAL else None
        drawn[key] = (status, theory, draw(SCORES) if theory else None)
    return [(person, attempt, *rest) for (person, attempt), rest in drawn.items()]


def expected(drawn: list[tuple[int, int, ExamStatus, int | None, int | None]]) -> tuple[int, ...]:
    """Count by the plain words of the definitions."""
    counts: Counter[str] = Counter()
    for person in {row[0] for row in drawn}:
        own = sorted(row for row in drawn if row[0] == person)
        marks = [
            Marks(
                exam_kind="initial",
                attempt=row[1],
                status=row[2],
                theory_score=row[3],
                practical_score=row[4],
            )
            for row in own
        ]
        counts["registered"] += len(own)
        counts["sat"] += sum(map(sat, marks))
        counts["passed"] += sum(passed(one, 80) for one in marks)
        first = next((one for one in marks if sat(one)), None)
        missed = {one.attempt for one in marks if one.status is ExamStatus.ABSENT}
        if first and set(range(1, first.attempt)) <= missed:
            counts["sat_first"] += 1
            counts["passed_first"] += passed_first(first, 80)
    return tuple(counts[name] for name in COUNTS)


@given(drawn=sittings(), cut=st.integers(0, 10))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tallies_are_what_the_rows_say_however_they_arrive(
    fresh: Maker,
    drawn: list[tuple[int, int, ExamStatus, int | None, int | None]],
    cut: int,
) -> None:
    hand: Hand = fresh()
    table = [
        exam(
            person,
            ticket_no=f"{person}-{attempt}",
            attempt=attempt,
            status=status,
            theory_on=f"2026-03-{attempt:02d}",
            theory_score="" if theory is None else theory,
            practical_on="" if practical is None else f"2026-03-{attempt + 10}",
            practical_score="" if practical is None else practical,
        )
        for person, attempt, status, theory, practical in drawn
    ]
    for part in (table[:cut], table[cut:]):
        if part:
            assert hand.exams(*part).refused == 0
    assert hand.counted() == {("low-voltage-electrician", "2026-H1"): expected(drawn)}


@st.composite
def files(draw: st.DrawFn) -> list[list[dict[str, object]]]:
    """Draw files that meet: the same persons again, retakes, twins, rosters, and odd cells."""
    kinds: st.SearchStrategy[dict[str, object]] = st.sampled_from(
        [
            {},
            {"status": "registered", "theory_score": "", "practical_score": "", "practical_on": ""},
            {"status": "registered", "theory_score": "", "practical_score": "",
             "theory_on": "2026-12-20", "practical_on": ""},
            {"status": "缺考", "theory_score": "", "practical_score": "", "practical_on": ""},
            {"theory_score": 60, "practical_score": "", "practical_on": ""},
            {"attempt": 2, "ticket_no": "B2", "theory_score": "", "practical_on": "2026-04-06"},
            {"attempt": 2, "ticket_no": "", "theory_on": "2026-04-05", "practical_on": ""},
            {"theory_score": 79.5, "status": ""},
            {"trade": "熔化焊接与热切割作业", "exam_kind": "初训", "site": " 第二考点"},
            {"ticket_no": " T-7 ", "name": "示例 学员"},
        ]
    )  # fmt: skip

    def row() -> dict[str, object]:
        number = draw(st.integers(1, 5))
        changed = draw(st.dictionaries(st.sampled_from(EXAM_HEADER), ODD, max_size=2))
        odd = changed if draw(st.integers(0, 3)) == 0 else {}
        return exam(number) | draw(kinds) | odd

    return [[row() for _ in range(draw(st.integers(1, 9)))] for _ in range(draw(st.integers(1, 3)))]


def by_itself(_columns: object, texts: Sequence[Sequence[str]]) -> Judged:
    """Find every row doubtful, so that each is judged by itself."""
    return Judged([False] * len(texts[0]), ())


def told(hand: Hand, outcome: Outcome) -> dict[str, object]:
    """Return all that an outcome says, and all that is stored after it."""
    said = {name: getattr(outcome, name) for name in Outcome.__slots__ if name != "receipt"}
    with reading(hand.engine) as session:
        for table in (ExamResult, Tally, Receipt):
            columns = [column for column in table.__table__.columns if column.name != "id"]
            said[table.__tablename__] = sorted(map(repr, session.execute(select(*columns))))
    return said


def nobody_new(self: Newcomers, session: Session, rows: Sequence[Staged]) -> list[bool]:
    """Find no newcomer, so that every row is laid beside all others in the database."""
    return [False for _ in AMONG(self, session, rows)]


AMONG = Newcomers.among
WAYS = ((ExamColumns.judged, AMONG), (by_itself, AMONG), (ExamColumns.judged, nobody_new))


@given(drawn=files(), corrects=st.booleans())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_short_ways_end_where_the_careful_one_does(
    fresh: Maker, drawn: list[list[dict[str, object]]], *, corrects: bool
) -> None:
    ends: list[list[object]] = []
    for judged, among in WAYS:
        hand, first, end = fresh(), None, list[object]()
        for table in drawn:
            again = Wish(partial=True)
            if corrects and first is not None:
                again = Wish(corrects=first.number, reason="示例")
            short = patch.object(ExamColumns, "judged", judged)
            with short, patch.object(Newcomers, "among", among):
                try:
                    outcome = hand.give(Kind.EXAMS, csv_of(table), wish=again)
                except RuleBroken as refused:
                    end.append(refused.key)
                    continue
            first = first or outcome.receipt
            end.append(told(hand, outcome))
        ends.append(end)
    assert ends[0] == ends[1] == ends[2]
