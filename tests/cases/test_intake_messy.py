"""Every messy file of messy-files.toml gets the answer that stands beside it."""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from handed import AT, EXAM_HEADER, Hand, csv_of, exam, tally
from messy import wrapped
from sqlalchemy.orm import Session

from portal.casework.setting_up import set_up
from portal.domain.errors import RuleBroken
from portal.domain.people import OPERATOR
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.source import Source
from portal.intake.handing_in import Outcome, Wish
from portal.intake.taking_in import check_file, take_in
from portal.rules.office import load_office
from portal.settings import ROOT
from portal.store.session import make_engine, transaction

CASES = tomllib.loads(Path(__file__).with_name("messy-files.toml").read_text("utf-8"))["case"]
ASKED = 68
COUNTS = ("accepted", "merged", "refused", "withdrawn")
REGISTER = (
    ("P001", "示例甲安全培训有限公司", ""),
    ("P002", "示例乙培训学校（普陀）分校", "示例乙旧名培训部"),
    ("P003", "示例丙安全培训（上海）中心", ""),
)


def name_of(case: dict[str, Any]) -> str:
    """Return the case's number and words, as its name in the report."""
    return f"{case['no']:02} {case['told']}"


@pytest.fixture(scope="module")
def hand(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hand]:
    """Yield a site with three institutions, which no case changes for the next one."""
    path = tmp_path_factory.mktemp("messy") / "portal.db"
    shutil.copyfile(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    office = (ROOT / "data/office/putuo.toml").read_text("utf-8")
    with transaction(engine) as session:
        set_up(session, office, AT)
    hand = Hand(engine, load_office(office))
    rows = [
        {"institution_code": code, "name": name, "former_names": former, "area_code": "310107005"}
        for code, name, former in REGISTER
    ]
    header = format_of(Kind.INSTITUTIONS).keys
    assert hand.give(Kind.INSTITUTIONS, csv_of(rows, header)).accepted == len(rows)
    yield hand
    engine.dispose()


def table_of(case: dict[str, Any]) -> list[list[Any]]:
    """Return the rows of a case under their header."""
    kind = case.get("kind", "exams")
    if kind == "exams":
        filled = [
            exam(row.get("n", number), **{key: row[key] for key in row if key != "n"})
            for number, row in enumerate(case.get("rows", [{}]) * case.get("times", 1), 1)
        ]
        header = [*EXAM_HEADER, *(key for key in filled[0] if key not in EXAM_HEADER)]
    else:
        filled = [tally(**row) if kind == "tallies" else row for row in case["rows"]]
        header = list(format_of(Kind(kind)).keys)
    order = case.get("columns", header)
    names = [case.get("header", {}).get(key, key) for key in order]
    return [names, *[[row.get(key, "") for key in order] for row in filled]]


def handed_in(session: Session, hand: Hand, case: dict[str, Any], wish: Wish) -> Outcome:
    """Hand the file of a case in, in a transaction that is not kept."""
    name, content = wrapped(case.get("wrap", "csv"), table_of(case))
    source = Source(case.get("file_name", name), content)
    handed = check_file(session, hand.counter(), Kind(case.get("kind", "exams")), source)
    return take_in(session, OPERATOR, hand.counter(), handed, wish)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_messy_file_gets_its_answer(hand: Hand, case: dict[str, Any]) -> None:
    with Session(hand.engine) as session:  # closed without a commit: nothing stays
        if "file_rule" in case:
            with pytest.raises(RuleBroken) as told:
                handed_in(session, hand, case, Wish())
            assert told.value.key == case["file_rule"]
            return
        earlier = [handed_in(session, hand, file, Wish()) for file in case.get("earlier", ())]
        corrects = earlier[-1].receipt if case.get("corrects") else None
        wish = Wish(partial=True, corrects=corrects.number if corrects else None, reason="示例")
        outcome = handed_in(session, hand, case, wish)
        session.rollback()
    counts = {name: getattr(outcome, name) for name in COUNTS}
    assert counts == {name: case.get(name, 0) for name in COUNTS}, outcome.refusals
    assert sorted({one.rule for one in outcome.refusals}) == sorted(case.get("rules", []))
    assert outcome.rows_read == outcome.accepted + outcome.merged + outcome.refused
    aside = Counter(str(line["reason"]) for line in outcome.skipped)
    assert {name: aside[name] for name in case.get("aside", {})} == case.get("aside", {})
    if "periods" in case:
        assert outcome.receipt
        fed = {cell["period"] for cell in outcome.receipt.coverage["cells"]}
        assert sorted(fed) == case["periods"]
    assert outcome.already is case.get("already", False)


def test_each_of_the_sixty_eight_has_a_file_and_an_answer_in_words() -> None:
    assert {case["no"] for case in CASES} == set(range(1, ASKED + 1))
    assert all(case["answer"].strip() for case in CASES)
