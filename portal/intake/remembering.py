"""Learning from a person once what a file says in its own words, and knowing it ever after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound, RuleBroken
from portal.domain.names import name_key
from portal.domain.people import Actor, Permission
from portal.intake.files.formats import Format, Kind, format_of, header_key
from portal.store.audit import record
from portal.store.institutions import Institution, InstitutionName
from portal.store.remembered import HeaderWord, OutsideName

OUTSIDE = "-"
"""In place of an institution's code: not one of this office's."""
UNKNOWN = "institution.unknown_name"
COLUMN, ALIAS, ELSEWHERE = "column", "alias", "outside"
"""What can be taught: a word for a column, a name of an institution, a name from elsewhere."""
_LONGEST = 200


def with_words(session: Session, kind: Kind) -> Format:
    """Return the format of a kind of file, with the words for its columns that were taught."""
    form = format_of(kind)
    taught: dict[str, list[str]] = {}
    asked = select(HeaderWord.column, HeaderWord.word).where(HeaderWord.kind == kind.value)
    for column, word in session.execute(asked):
        taught.setdefault(column, []).append(word)
    columns = tuple(
        replace(column, names=(*column.names, *taught.get(column.key, ())))
        for column in form.columns
    )
    return replace(form, columns=columns)


def learn_columns(
    session: Session, actor: Actor, kind: Kind, words: Mapping[str, str], at: datetime
) -> int:
    """Remember word → column for files of a kind; return how many were new.

    Raises:
        NotAllowed: the actor may not take in files.
        RuleBroken: a word means another column already, or there is no such column.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    known = with_words(session, kind).meant_by()
    new = 0
    for word, column in words.items():
        key = header_key(word)
        if not key or column not in format_of(kind).keys:
            raise RuleBroken("intake.no_such_column", {"column": "intake.no_such_column"})
        if known.get(key, column) != column:
            raise RuleBroken("intake.word_taken", {"column": "intake.word_taken"}, word=word)
        if key in known:
            continue
        row = HeaderWord(
            kind=kind.value,
            key=key[:_LONGEST],
            word=word[:_LONGEST],
            column=column,
            taught_by=actor.name,
            taught_at=at,
        )
        session.add(row)
        session.flush()
        facts = {"kind": kind.value, "word": word, "column": column}
        record(session, actor, "column.learned", f"column:{column}", at, **facts)
        known[key] = column
        new += 1
    return new


def learn_names(session: Session, actor: Actor, names: Mapping[str, str], at: datetime) -> int:
    """Remember name → institution's code, or :data:`OUTSIDE`; return how many were new.

    Raises:
        NotAllowed: the actor may not take in files.
        RuleBroken: there is no such institution, or a name says nothing.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    codes = {row.code: row.id for row in session.execute(_CODES)}
    new = 0
    for name, code in names.items():
        key = name_key(name)
        if not key or (code != OUTSIDE and code not in codes):
            raise RuleBroken("intake.no_such_institution", None, name=name)
        if not _learn_name(session, actor, name, codes.get(code), at):
            continue
        new += 1
        facts = {"name": name, "institution": None if code == OUTSIDE else code}
        record(session, actor, "name.learned", f"name:{name[:100]}", at, **facts)
    return new


_CODES = select(Institution.code, Institution.id)


def _learn_name(
    session: Session, actor: Actor, name: str, institution_id: int | None, at: datetime
) -> bool:
    key = name_key(name)
    if institution_id is None:
        if session.scalar(select(OutsideName.id).where(OutsideName.key == key)) is not None:
            return False
        row: Any = OutsideName(name=name[:_LONGEST], key=key, taught_by=actor.name, taught_at=at)
    else:
        same = (InstitutionName.institution_id == institution_id, InstitutionName.key == key)
        if session.scalar(select(InstitutionName.id).where(*same)) is not None:
            return False
        row = InstitutionName(
            institution_id=institution_id, name=name[:_LONGEST], key=key, kind=ALIAS
        )
    session.add(row)
    session.flush()
    return True


def unknown_names(refusals: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return the names that no institution is known by → how many rows bear them."""
    return Counter(one["raw"] for one in refusals if one["rule"] == UNKNOWN and one["raw"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Something that was taught: ``meaning`` is a column's key or an institution's name.

    ``meaning`` None: not an institution of this office. ``by`` None: it is not known who taught it.
    """

    what: str
    row_id: int
    word: str
    meaning: str | None
    by: str | None = None
    at: datetime | None = None


def taught(session: Session) -> list[Taught]:
    """Return the words for columns and the names of institutions that were taught, by word."""
    columns = map(_column, session.scalars(select(HeaderWord)))
    elsewhere = map(_elsewhere, session.scalars(select(OutsideName)))
    asked = select(InstitutionName, Institution.name).join(
        Institution, Institution.id == InstitutionName.institution_id
    )
    aliases = [
        Taught(what=ALIAS, row_id=row.id, word=row.name, meaning=name)
        for row, name in session.execute(asked.where(InstitutionName.kind == ALIAS))
    ]
    return sorted([*columns, *aliases, *elsewhere], key=lambda one: (one.what, one.word))


def _column(row: HeaderWord) -> Taught:
    meaning, by, at = row.column, row.taught_by, row.taught_at
    return Taught(what=COLUMN, row_id=row.id, word=row.word, meaning=meaning, by=by, at=at)


def _elsewhere(row: OutsideName) -> Taught:
    by, at = row.taught_by, row.taught_at
    return Taught(what=ELSEWHERE, row_id=row.id, word=row.name, meaning=None, by=by, at=at)


def forget(session: Session, actor: Actor, what: str, row_id: int, at: datetime) -> None:
    """Forget something that was taught; what was taken in with its help stays as it is.

    Raises:
        NotAllowed: the actor may not take in files.
        NotFound: nothing of this number was taught.

    """
    actor.require(Permission.TAKE_IN_EXAMS)
    row: Any = session.get(_TABLES[what], row_id) if what in _TABLES else None
    if row is None or (what == ALIAS and row.kind != ALIAS):
        raise NotFound("intake.not_taught")
    word = row.word if what == COLUMN else row.name
    session.delete(row)
    if what == COLUMN:
        record(session, actor, "column.forgotten", f"column:{row.column}", at, word=word)
    else:
        record(session, actor, "name.forgotten", f"name:{word[:100]}", at, name=word)


_TABLES: dict[str, type[Any]] = {
    COLUMN: HeaderWord,
    ALIAS: InstitutionName,
    ELSEWHERE: OutsideName,
}
