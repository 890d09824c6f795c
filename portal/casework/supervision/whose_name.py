"""Whose name it is: candidates for a person to confirm, and names that must not be in a text."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.names import name_key
from portal.store.institutions import Institution, InstitutionName, Unit

_MOST = 8
_SHORTEST = 4
"""Signs of a comparable name that may be looked for within others."""


def institutions_like(session: Session, typed: str) -> list[Institution]:
    """Return the institutions that a code or a name may mean, also by a former or other name.

    Width, spaces, marks, script and legal form are set aside; a part of a name is enough.
    """
    exact = select(Institution).where(Institution.code == typed.strip())
    if one := session.scalar(exact):
        return [one]
    rows = session.scalars(select(Institution).order_by(Institution.code)).all()
    known = {row.id: {name_key(row.name)} for row in rows}
    for owner, key in session.execute(select(InstitutionName.institution_id, InstitutionName.key)):
        known[owner].add(key)
    return [row for row in rows if _means(typed, row.code, known[row.id])][:_MOST]


def units_like(session: Session, typed: str) -> list[Unit]:
    """Return the employers that a code or a name may mean."""
    rows = session.scalars(select(Unit).order_by(Unit.code)).all()
    return [row for row in rows if _means(typed, row.code, {name_key(row.name)})][:_MOST]


def names_in(session: Session, text: str) -> list[str]:
    """Return the institutions and employers whose name, however written, stands in a text."""
    whole = name_key(text)
    named: list[tuple[str, str]] = [
        *((key, name) for key, name in session.execute(_of_institutions())),
        *((name_key(name), name) for name in session.scalars(select(Institution.name))),
        *((name_key(name), name) for name in session.scalars(select(Unit.name))),
    ]
    found = (name for key, name in named if len(key) >= _SHORTEST and key in whole)
    return list(dict.fromkeys(found))


def _of_institutions() -> Select[str, str]:
    return select(InstitutionName.key, InstitutionName.name)


def _means(typed: str, code: str, keys: Sequence[str] | set[str]) -> bool:
    if typed.strip().casefold() == code.casefold():
        return True
    wanted = name_key(typed)
    if wanted in keys:
        return True
    return len(wanted) >= _SHORTEST and any(wanted in key or key in wanted for key in keys if key)
