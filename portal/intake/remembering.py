"""Learning from a person once what a file says in its own words, and knowing it ever after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import RuleBroken
from portal.domain.names import name_key
from portal.domain.people import Actor, Permission
from portal.intake.files.formats import Format, Kind, format_of, header_key
from portal.store.audit import record
from portal.store.institutions import Institution, InstitutionName
from portal.store.remembered import HeaderWord, OutsideName

OUTSIDE = "-"
"""In place of an institution's code: not one of this office's."""
UNKNOWN = "institution.unknown_name"
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
            institution_id=institution_id, name=name[:_LONGEST], key=key, kind="alias"
        )
    session.add(row)
    session.flush()
    return True


def unknown_names(refusals: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return the names that no institution is known by → how many rows bear them."""
    return Counter(one["raw"] for one in refusals if one["rule"] == UNKNOWN and one["raw"])
