"""What is composed comes from one state of the database, whoever writes meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing import institution
from sqlalchemy import func, select

from portal.store.institutions import Institution
from portal.store.session import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_reader_sees_one_state(engine: Engine) -> None:
    institution(engine, "T001")
    asked = select(func.count()).select_from(Institution)
    with reading(engine) as session:
        assert session.scalar(asked) == 1
        institution(engine, "T002")
        assert session.scalar(asked) == 1
    with reading(engine) as session:
        assert session.scalar(asked) == 2
