"""Whom and what a file speaks of: institutions by code or name, trades by slug or name."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.names import name_key
from portal.intake.files.cells import is_blank, plain
from portal.intake.files.refusals import Fault
from portal.rules.catalogue import Trade, catalogue, names_of, plain_name
from portal.rules.office import Office
from portal.store.institutions import Institution, InstitutionName
from portal.store.remembered import OutsideName

_NOBODY = frozenset({"个人", "个人报名", "自学", "无机构", "社会考生"})


@dataclass(slots=True)
class Register:
    """The known institutions: code → id, and comparable name → ids."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, set[int]] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    """Comparable names of which a person said that they are no institution of this office."""

    def one(self, code: str, name: str) -> int | Fault | None:
        """Return the institution meant; None when the cells name none."""
        if not is_blank(code):
            return self._by_code(code, name)
        if is_blank(name) or name in _NOBODY:
            return None
        key = name_key(name)
        if key in self.outside:
            return None
        found = self.names.get(key, set())
        if len(found) != 1:
            return Fault("institution.ambiguous" if found else "institution.unknown_name")
        return next(iter(found))

    def _by_code(self, code: str, name: str) -> int | Fault:
        known = self.codes.get(code)
        if known is None:
            return Fault("institution.unknown_code")
        others = {known} if is_blank(name) else self.names.get(name_key(name), {known})
        return known if known in others else Fault("institution.code_name_differ")


def register_of(session: Session) -> Register:
    """Return the institutions as they stand in the database."""
    known = session.execute(select(Institution.code, Institution.name, Institution.id)).all()
    named = select(InstitutionName.key, InstitutionName.institution_id)
    found = Register(codes={code: institution_id for code, _, institution_id in known})
    rows = [
        *session.execute(named),
        *((name_key(name), institution_id) for _, name, institution_id in known),
    ]
    for key, institution_id in rows:
        found.names.setdefault(key, set()).add(institution_id)
    found.outside.update(session.scalars(select(OutsideName.key)))
    return found


class Trades:
    """Trades of the office and of every catalogue version."""

    def __init__(self, office: Office) -> None:
        """Know the office's own trades before those of the catalogue."""
        self._office = office
        self._own = names_of(office.own_trades)

    def find(self, raw: str) -> Trade | Fault:
        """Return the trade that a cell means."""
        text = plain(raw)
        if not text:
            return Fault("cell.empty")
        own = self._own.get(plain_name(text), frozenset())
        found = self._office.trade(next(iter(own))) if len(own) == 1 else catalogue().find(text)
        return found or Fault("trade.unknown")
