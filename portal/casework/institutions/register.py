"""The register of institutions: taking one in, and keeping its facts and its trades."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from portal.domain.errors import Conflict, NotFound, RuleBroken
from portal.domain.names import name_key
from portal.domain.people import Actor, Permission, Role
from portal.store.audit import record
from portal.store.institutions import Institution, InstitutionName, InstitutionTrade

_CODE = re.compile(r"\w[\w.\-]{0,63}")
_PHONE = re.compile(r"\+?\d[\d\s\-()转,/、]{2,38}")
RESERVED = frozenset({"new"})
"""Codes that would stand in the way of an address of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the register says of an institution; trades are slugs."""

    name: str
    name_en: str | None = None
    credit_code: str | None = None
    area_code: str = ""
    address: str = ""
    phone: str = ""
    opened_on: date | None = None
    trades: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """Return a short hash of all that is said, to notice that it has changed meanwhile."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The areas and trades of the office, by code and slug."""

    areas: Collection[str]
    trades: Collection[str]


def register(
    session: Session, actor: Actor, code: str, details: Details, *, known: Known, at: datetime
) -> Institution:
    """Take an institution into the register under a code that is never given again.

    Raises:
        RuleBroken: something is wrong; the faults say what.

    """
    actor.require(Permission.KEEP_REGISTER)
    faults = {"code": _code_fault(session, code), **_faults(session, details, known, None)}
    _require_none(session, faults, details, code=code)
    institution = Institution(code=code, **_columns(details))
    session.add(institution)
    session.flush()
    _bear(session, institution, None)
    _teach(session, institution, details.trades)
    facts = _told(details)
    record(session, actor, "institution.registered", f"institution:{code}", at, **facts)
    return institution


def edit(
    session: Session,
    actor: Actor,
    code: str,
    change: tuple[Details, str],
    *,
    known: Known,
    at: datetime,
) -> Institution:
    """Change what the register says; ``change`` is the new details and what was ``seen`` before.

    A name given up stays as a former one, so that older files still find the institution.

    Raises:
        NotFound: there is no such institution.
        Conflict: somebody else changed it meanwhile, or nothing is different.
        RuleBroken: something is wrong; the faults say what.

    """
    actor.require(Permission.KEEP_REGISTER)
    details, seen = change
    institution = institution_in_care(session, actor, code, lock=True)
    before = details_of(session, institution)
    if before == details:
        raise Conflict("register.nothing_new")
    if before.seen != seen:
        raise Conflict("register.changed_meanwhile")
    _require_none(session, _faults(session, details, known, institution), details, institution)
    old_name = institution.name
    for name, value in _columns(details).items():
        setattr(institution, name, value)
    _bear(session, institution, old_name)
    _teach(session, institution, details.trades)
    old, new = _told(before), _told(details)
    changed = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
    record(session, actor, "institution.edited", f"institution:{code}", at, **changed)
    return institution


def institution_in_care(
    session: Session, actor: Actor, code: str, *, lock: bool = False
) -> Institution:
    """Return the institution under that code; to a street's person only one of the area.

    Raises:
        NotFound: there is no such institution, or none that this person may know of.

    """
    wanted = select(Institution).where(Institution.code == code)
    institution = session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    street = actor.role is Role.STREET
    if institution is None or (street and institution.area_code != actor.area_code):
        raise NotFound("register.unknown", code=code)
    return institution


def details_of(session: Session, institution: Institution) -> Details:
    """Return what the register says of the institution."""
    taught = select(InstitutionTrade.trade).where(InstitutionTrade.institution_id == institution.id)
    kept = {field.name: getattr(institution, field.name) for field in fields(Details)[:-1]}
    return Details(**kept, trades=tuple(sorted(session.scalars(taught))))


def former_names(session: Session, institution: Institution) -> list[str]:
    """Return the names it bore before, newest last."""
    borne = select(InstitutionName.name).where(
        InstitutionName.institution_id == institution.id, InstitutionName.kind == "former"
    )
    return list(session.scalars(borne.order_by(InstitutionName.id)))


def _columns(details: Details) -> dict[str, Any]:
    return {field.name: getattr(details, field.name) for field in fields(Details)[:-1]}


def _told(details: Details) -> dict[str, object]:
    opened_on = details.opened_on and details.opened_on.isoformat()
    return asdict(details) | {"opened_on": opened_on, "trades": list(details.trades)}


def _code_fault(session: Session, code: str) -> str | None:
    if not code:
        return "register.code_missing"
    if not _CODE.fullmatch(code) or code in RESERVED:
        return "register.code_letters"
    taken = session.scalar(select(Institution.id).where(Institution.code == code))
    return "register.code_taken" if taken is not None else None


def _faults(
    session: Session, details: Details, known: Known, own: Institution | None
) -> dict[str, str | None]:
    area = "register.area_unknown" if details.area_code else "register.area_missing"
    return {
        "name": _name_fault(session, details.name, own),
        "credit_code": _credit_fault(details.credit_code),
        "area_code": None if details.area_code in known.areas else area,
        "phone": _phone_fault(details.phone),
        "trades": None if set(details.trades) <= set(known.trades) else "register.trade_unknown",
    }


def _require_none(
    session: Session,
    faults: dict[str, str | None],
    details: Details,
    own: Institution | None = None,
    code: str = "",
) -> None:
    found = {field: key for field, key in faults.items() if key}
    if found:
        alike = _alike(session, details.name, own)
        other = alike.code if alike else ""
        raise RuleBroken("register.refused", found, code=code, other=other)


def _name_fault(session: Session, name: str, own: Institution | None) -> str | None:
    if not name_key(name):
        return "register.name_missing"
    return "register.name_alike" if _alike(session, name, own) else None


def _alike(session: Session, name: str, own: Institution | None) -> Institution | None:
    """Return another institution that bears or bore this name, however it is written."""
    others = (
        select(Institution)
        .join(InstitutionName, InstitutionName.institution_id == Institution.id)
        .where(InstitutionName.key == name_key(name))
    )
    if own is not None:
        others = others.where(Institution.id != own.id)
    return session.scalars(others.limit(1)).first()


def _credit_fault(code: str | None) -> str | None:
    return None if not code or uscc.is_valid(code) else "register.credit_code"


def _phone_fault(phone: str) -> str | None:
    return None if not phone or _PHONE.fullmatch(phone) else "register.phone"


def _bear(session: Session, institution: Institution, old_name: str | None) -> None:
    """Write the names under which it is found: the present one, and one given up as former."""
    borne = select(InstitutionName).where(InstitutionName.institution_id == institution.id)
    names = {name.key: name for name in session.scalars(borne)}
    given_up = [(old_name, "former")] if old_name and old_name != institution.name else []
    for name, kind in (*given_up, (institution.name, "current")):
        key = name_key(name)
        if key in names:
            names[key].name, names[key].kind = name, kind
        else:
            names[key] = InstitutionName(
                institution_id=institution.id, name=name, key=key, kind=kind
            )
            session.add(names[key])


def _teach(session: Session, institution: Institution, trades: Iterable[str]) -> None:
    own = InstitutionTrade.institution_id == institution.id
    session.execute(delete(InstitutionTrade).where(own))
    session.add_all(
        InstitutionTrade(institution_id=institution.id, trade=trade) for trade in trades
    )
    session.flush()
