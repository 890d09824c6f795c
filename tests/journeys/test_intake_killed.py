"""A process killed while it takes a file in leaves nothing of the file, or all of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from handed import EXAM_HEADER, Hand, csv_of, exam
from sqlalchemy import func, select

from portal.intake.files.formats import Kind
from portal.settings import ROOT, Settings
from portal.store.exams import ExamResult
from portal.store.receipts import Receipt
from portal.store.session import reading

KILLED = """
import os, signal, sys
from sqlalchemy import event
import portal.cli.ground as ground
import portal.cli.taking_in as taking_in
from portal.cli.main import portal
moment, make = sys.argv[2], ground.make_engine
def dies(*_given):
    os.kill(os.getpid(), signal.SIGKILL)
def watch(_connection, _cursor, statement, *_more):
    if moment in statement.lower():
        dies()
def watched(address):
    engine = make(address)
    event.listen(engine, "before_cursor_execute", watch)
    if moment == "commit":
        event.listen(engine, "commit", dies)
    return engine
ground.make_engine = watched
if moment == "told":
    taking_in._say = dies
portal(["take-in", "exams", sys.argv[1]])
"""
ROWS = 30
CELL = ("low-voltage-electrician", "2026-H1")


@pytest.mark.parametrize(
    "moment", ["insert into receipt", "insert into tally", "insert into audit", "commit", "told"]
)
def test_nothing_or_all_of_it(hand: Hand, settings: Settings, tmp_path: Path, moment: str) -> None:
    content = csv_of([exam(n) for n in range(ROWS)], EXAM_HEADER)
    file = tmp_path / "成绩.csv"
    file.write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(file), moment],
        cwd=ROOT,
        env=os.environ
        | {
            "PORTAL_DATABASE_URL": settings.database_url,
            "PORTAL_DATA_DIR": str(settings.data_dir),
            "PORTAL_PERSON_KEY": hand.person_key or "",
        },
        capture_output=True,
        check=False,
    )
    assert run.returncode == -9, run.stderr.decode()
    with reading(hand.engine) as session:
        results = session.scalar(select(func.count()).select_from(ExamResult))
        receipts = session.scalars(select(Receipt.number).where(Receipt.kind == "exams")).all()
    assert (results, len(receipts)) == ((ROWS, 1) if moment == "told" else (0, 0))
    again = hand.give(Kind.EXAMS, content)
    assert again.already == (moment == "told")
    assert hand.counted() == {CELL: (ROWS,) * 5}
