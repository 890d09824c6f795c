"""The register of institutions, taken in as a list: new ones, and what changed of known ones."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from portal.domain.names import name_key
from portal.intake.files import cells
from portal.intake.files.cells import needed, plain
from portal.intake.files.checking import OneByOne
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.refusals import Fault, Flaw
from portal.intake.files.sheets import Sheet
from portal.intake.files.spool import Staged
from portal.intake.kinds.register import Trades
from portal.intake.kinds.rows import Cells
from portal.intake.kinds.settling import Checked, SmallSettler
from portal.rules.office import Office
from portal.store.institutions import Institution, InstitutionName, InstitutionTrade
from portal.store.receipts import Receipt

FORM = format_of(Kind.INSTITUTIONS)
_CODE = re.compile(r"\w[\w.\-]{0,119}")
_LIST = re.compile(r"[;；、|\n]")
_PHONE = re.compile(r"\+?[\d][\d\s\-()转,/、]{2,38}")
_SEPARATOR = "\n"
_FIELDS = (
    "name",
    "name_en",
    "credit_code",
    "area_code",
    "address",
    "phone",
    "opened_on",
    "closed_on",
)


def code_of(raw: str) -> str | Fault:
    """Return a code of the office's own."""
    value = plain(raw)
    if not value:
        return Fault("cell.empty")
    return value if _CODE.fullmatch(value) else cells.broken(raw) or Fault("cell.code")


def credit_code_of(raw: str) -> str | Fault | None:
    """Return a social credit code whose check digit is right; None when the cell is blank."""
    value = plain(raw)
    if cells.is_blank(value):
        return None
    try:
        checked: str = uscc.validate(value)
    except ValidationError:
        return cells.broken(raw) or Fault("cell.credit_code")
    return checked if checked == value else Fault("cell.credit_code")


def phone_of(raw: str) -> str | Fault:
    """Return a phone number as it is written; "" when the cell is blank."""
    value = plain(raw)
    if cells.is_blank(value):
        return ""
    return value if _PHONE.fullmatch(value) else cells.broken(raw) or Fault("cell.phone")


class InstitutionRows(OneByOne):
    """The checker of institutions."""

    form = FORM

    def __init__(self, office: Office, trades: Trades) -> None:
        """Judge areas and trades by the office's."""
        self._office, self._trades = office, trades
        self._epoch: Any = None

    def begin(self, sheet: Sheet) -> None:
        """Read dates as the sheet counts them."""
        self._epoch = sheet.epoch

    def row(self, texts: tuple[str, ...]) -> Staged | list[Flaw]:
        """Return code, the fields, former names and trades, or what is wrong."""
        row = Cells(FORM, texts)
        code = row.read("institution_code", code_of)
        values = [
            row.read("name", needed(cells.text)),
            row.read("name_en", cells.text) or None,
            row.read("credit_code", credit_code_of),
            row.read("area_code", self.area),
            row.read("address", lambda raw: cells.text(raw, 300)),
            row.read("phone", phone_of),
        ]
        opened, closed = (row.read(f"{name}_on", self._day) for name in ("opened", "closed"))
        former = row.read("former_names", _former)
        trades = row.read("trades", self._all_trades)
        if opened and closed and closed <= opened:
            row.blame("closed_on", "institution.closed_before_opened")
        if row.flaws:
            return row.flaws
        return (
            code,
            *values,
            opened and opened.isoformat(),
            closed and closed.isoformat(),
            former,
            trades,
        )

    def area(self, raw: str) -> str | Fault:
        """Return the code of one of the office's areas, "" when the cell is blank."""
        value = plain(raw)
        if cells.is_blank(value):
            return ""
        return value if self._office.area(value) else Fault("cell.area")

    def _day(self, raw: str) -> Any:  # noqa: ANN401  # a date, a fault or nothing
        return cells.day(raw, self._epoch)

    def _all_trades(self, raw: str) -> str | Fault:
        found = [self._trades.find(part) for part in _parts(raw, extra=",，")]
        faults = [trade for trade in found if isinstance(trade, Fault)]
        slugs = [trade.slug for trade in found if not isinstance(trade, Fault)]
        return faults[0] if faults else _SEPARATOR.join(dict.fromkeys(slugs))


def _parts(raw: str, extra: str = "") -> list[str]:
    text = cells.clean(raw)
    for sign in extra:
        text = text.replace(sign, ";")
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def _former(raw: str) -> str | Fault:
    names = [cells.text(part) for part in _parts(raw)]
    faults = [name for name in names if isinstance(name, Fault)]
    return faults[0] if faults else _SEPARATOR.join(str(name) for name in names)


class InstitutionSettler(SmallSettler):
    """Settles institutions: known ones take what changed, a code never goes to another one."""

    def __init__(self, session: Session) -> None:
        """Know every institution that is registered."""
        super().__init__(session)
        self._known = {one.code: one for one in session.scalars(select(Institution))}
        self._told = _told(session)
        self._lines: dict[str, int] = {}

    def verdict(self, row: Checked) -> Fault | bool:
        """Tell whether the row says something new, or why its code cannot be."""
        code, *values = row.values
        if code in self._lines:
            return Fault("institution.twice_in_file", {"first": str(self._lines[code])})
        self._lines[code] = row.line
        stored = self._known.get(code)
        if stored is not None and _is_other(stored, values[0], values[2]):
            return Fault("institution.code_taken", {"name": stored.name})
        return self._told.get(code) != tuple(values)

    def put(self, rows: list[Staged], receipt: Receipt) -> dict[str, Any]:
        """Write the institutions; return how many."""
        del receipt
        for row in rows:
            _write(self._session, self._known.get(row[0]), row)
        return {"institutions": len(rows)}


def _is_other(stored: Institution, name: str, credit_code: str | None) -> bool:
    """Tell whether a row speaks of another institution: neither name nor credit code fits."""
    if not (stored.credit_code and credit_code):
        return False
    return stored.credit_code != credit_code and name_key(stored.name) != name_key(name)


def _told(session: Session) -> dict[str, Staged]:
    """Return code → what a row would have to say to bring nothing new."""
    trades: dict[int, list[str]] = {}
    for link in session.scalars(select(InstitutionTrade).order_by(InstitutionTrade.id)):
        trades.setdefault(link.institution_id, []).append(link.trade)
    former: dict[int, list[str]] = {}
    named = select(InstitutionName).where(InstitutionName.kind == "former")
    for name in session.scalars(named.order_by(InstitutionName.id)):
        former.setdefault(name.institution_id, []).append(name.name)
    return {
        one.code: (
            *(_plain(getattr(one, field)) for field in _FIELDS),
            _SEPARATOR.join(former.get(one.id, [])),
            _SEPARATOR.join(trades.get(one.id, [])),
        )
        for one in session.scalars(select(Institution))
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  # a date as text, the rest as it is
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write(session: Session, stored: Institution | None, row: Staged) -> None:
    code, *fields, former, trades = row
    values: dict[str, Any] = dict(zip(_FIELDS, fields, strict=True))
    for name in ("opened_on", "closed_on"):
        values[name] = values[name] and cells.day(values[name])
    previous = stored.name if stored else None
    if stored is None:
        stored = Institution(code=code, **values)
        session.add(stored)
    else:
        for name, value in values.items():
            setattr(stored, name, value)
    session.flush()
    _name(session, stored, previous, former.split(_SEPARATOR) if former else [])
    session.execute(delete(InstitutionTrade).where(InstitutionTrade.institution_id == stored.id))
    slugs = trades.split(_SEPARATOR) if trades else []
    session.add_all(InstitutionTrade(institution_id=stored.id, trade=slug) for slug in slugs)


def _name(session: Session, stored: Institution, previous: str | None, former: list[str]) -> None:
    """Write the names under which the institution is found; an old name stays findable."""
    kept = select(InstitutionName).where(InstitutionName.institution_id == stored.id)
    names = {one.key: one for one in session.scalars(kept)}
    told = [(name, "former") for name in (*former, *([previous] if previous else []))]
    for name, kind in [*told, (stored.name, "current")]:
        key = name_key(name)
        if key in names:
            names[key].kind, names[key].name = kind, name
            continue
        names[key] = InstitutionName(institution_id=stored.id, name=name, key=key, kind=kind)
        session.add(names[key])
