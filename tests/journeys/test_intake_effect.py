"""Before a file is taken in, the desk says who would change band; nothing is written by asking."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from handed import Hand, csv_of, exam
from signing import token_in
from sqlalchemy import Engine, func, select

from portal.cli.main import portal
from portal.rules.office import Office
from portal.settings import Settings
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt
from portal.store.session import reading

PLACES = ("P001", "P002", "P003", "P004")
EACH = 40


def sitters(code: str, first: int, passing: int) -> list[dict[str, object]]:
    """Return the results of forty candidates, of whom so many pass."""
    return [
        exam(
            first + number,
            institution_code=code,
            person_id=f"DEMO{first + number:07d}",
            theory_score=90 if number < passing else 60,
        )
        for number in range(EACH)
    ]


@pytest.fixture
def hand(engine: Engine, office: Office) -> Hand:
    """Return a look into a site where three institutions have results."""
    hand = Hand(engine, office)
    hand.register(*PLACES)
    rows = [
        row
        for place, (code, passing) in enumerate(zip(PLACES[:3], (39, 28, 20), strict=True))
        for row in sitters(code, 1000 * place, passing)
    ]
    assert hand.exams(*rows).accepted == 3 * EACH
    return hand


def effect_page(officer: FlaskClient, rows: list[dict[str, object]]) -> str:
    """Stage a file and ask for its effect."""
    token = token_in(officer.get("/authority").get_data(as_text=True))
    file = (io.BytesIO(csv_of(rows)), "成绩.csv")
    data = {"csrf_token": token, "kind": "exams", "file": file}
    staged = officer.post("/authority", data=data, content_type="multipart/form-data")
    assert "排名会怎么变" in officer.get(staged.location).get_data(as_text=True)
    return officer.get(f"{staged.location}/effect").get_data(as_text=True)


def stored(engine: Engine) -> tuple[int | None, int | None]:
    """Return how many results and receipts are stored."""
    with reading(engine) as session:
        tables = (ExamResult, Receipt)
        results, receipts = (
            session.scalar(select(func.count()).select_from(table)) for table in tables
        )
        return results, receipts


def test_an_institution_that_would_enter_the_table_is_named(
    hand: Hand, officer: FlaskClient, engine: Engine
) -> None:
    del hand
    before = stored(engine)
    page = effect_page(officer, sitters("P004", 9000, 10))
    assert "示例P004安全培训中心" in page
    moved = re.search(r"(\d+) 处会变", page)
    assert moved
    assert int(moved[1]) >= 1
    assert "低于平均" in page
    assert "不在表里" in page or "暂不公布" in page
    assert stored(engine) == before


def test_a_file_that_moves_nobody_says_so(hand: Hand, officer: FlaskClient, engine: Engine) -> None:
    del hand
    before = stored(engine)
    only_review = exam(1, exam_kind="review", practical_score="", practical_on="")
    assert "排名不会变" in effect_page(officer, [only_review])
    same = sitters("P001", 5000, 39)[:1]
    assert "没有机构会换组" in effect_page(officer, same)
    assert stored(engine) == before


def test_the_command_says_it_too(
    hand: Hand, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    before = stored(engine)
    file = tmp_path / "new.csv"
    file.write_bytes(csv_of(sitters("P004", 9000, 10)))
    environ = {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_PERSON_KEY": hand.person_key or "",
    }
    asked = ["take-in", "exams", str(file), "--dry-run"]
    told = json.loads(CliRunner().invoke(portal, [*asked, "--json"], env=environ).stdout)
    moved = {one["institution"]: (one["before"], one["after"]) for one in told["effect"]["moved"]}
    assert moved["P004"][1] == "below"
    assert told["receipt"] is None
    said = CliRunner().invoke(portal, asked, env=environ).stdout
    assert "示例P004安全培训中心" in said
    assert "→ 低于平均" in said
    assert stored(engine) == before
