"""From the text of a cell to a value, or the fault that it is: nothing is ever guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from portal.intake.files.refusals import Fault

T = TypeVar("T")

_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = dict.fromkeys(map(ord, "\u00a0\u3000\u2009\u202f\t\r\n"), " ")
_TRIMMED = _UNSEEN | _SPACES
_WRAPPED = re.compile(r'="([^"=+@]*)"')
_FORMULA = ("=", "+", "-", "@")
_ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_BLANK = frozenset(("", "-", "--", "—", "——", "–", "/", "空", "无", "NULL", "null", "None"))

_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(?:[, ]\d{3}){1,2}")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{1,2}0*)?")
_SHARE = re.compile(r"[01](?:\.\d+)?")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?%")
_DAY = re.compile(
    r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|(?P<m3>\d{2})(?P<d3>\d{2}))"
    r"(?: ?\(?(?:星期|周)[一二三四五六日天]\)?)?"
    r"(?P<time>[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_SHORT_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_YEAR = 1990
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)

FULL = 200_000


class Memo(dict[Any, T | Fault], Generic[T]):
    """Texts of one column, or of several, and what they mean, read once each."""

    def __init__(self, read: Callable[[Any], T | Fault], limit: int = FULL) -> None:
        """Read with ``read``; forget everything once ``limit`` texts are known."""
        super().__init__()
        self._read = read
        self._limit = limit

    def __missing__(self, raw: Any) -> T | Fault:  # noqa: ANN401  # a text, or a tuple of texts
        """Read a text that is not known yet."""
        if len(self) >= self._limit:
            self.clear()
        value = self[raw] = self._read(raw)
        return value


def clean(raw: str) -> str:
    """Return the text without invisible signs, outer spaces, and what keeps Excel from counting.

    The apostrophe before a number and the wrapping ``="…"`` are such.
    """
    if not (raw.isascii() and raw.isprintable()):
        raw = raw.translate(_TRIMMED)
    raw = raw.strip()
    if raw[:1] == "'":
        return raw[1:].strip()
    wrapped = _WRAPPED.fullmatch(raw) if raw[:1] == "=" else None
    return wrapped[1].strip() if wrapped else raw


def plain(raw: str) -> str:
    """Return the text cleaned, full-width signs made half-width."""
    text = clean(raw)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def is_blank(text: str) -> bool:
    """Tell whether a cleaned text says nothing."""
    return text in _BLANK


def broken(raw: str) -> Fault | None:
    """Return what makes any cell unusable: an Excel error or a control character."""
    if raw.isascii() and raw.isprintable():
        return Fault("cell.excel_error") if raw in _ERRORS else None
    if any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n" for sign in raw):
        return Fault("cell.control")
    if any("\ud800" <= sign <= "\udfff" for sign in raw):
        return Fault("cell.control")
    return None


def text(raw: str, limit: int = 200) -> str | Fault:
    """Return a text of at most ``limit`` signs that no spreadsheet takes for a formula."""
    value = clean(raw)
    if fault := broken(raw):
        return fault
    if unicodedata.normalize("NFKC", value[:1]).startswith(_FORMULA) and not is_blank(value):
        return Fault("cell.formula")
    return value if len(value) <= limit else Fault("cell.too_long", {"limit": limit})


def needed(read: Callable[[str], T | Fault | None]) -> Callable[[str], T | Fault]:
    """Return a reader that refuses what ``read`` finds empty."""

    def reader(raw: str) -> T | Fault:
        value = read(raw)
        return Fault("cell.empty") if value is None or value == "" else value

    return reader


def whole(raw: str) -> int | Fault | None:
    """Return a count; None when the cell is blank."""
    value = plain(raw)
    if is_blank(value):
        return None
    if not _WHOLE.fullmatch(value):
        return broken(raw) or Fault("cell.count")
    return int(value.replace(",", "").replace(" ", ""))


def share(raw: str) -> float | Fault | None:
    """Return a share of 0 to 1, also where it is written in percent; None when blank."""
    value = plain(raw)
    if is_blank(value):
        return None
    if _SHARE.fullmatch(value) and float(value) <= 1:
        return float(value)
    percent = _PERCENT.fullmatch(value)
    points = float(percent[1].replace(",", ".")) if percent else None
    if points is None or points > 100:  # noqa: PLR2004  # percent
        return broken(raw) or Fault("cell.share")
    return points / 100


def points(raw: str) -> float | Fault | None:
    """Return a score of 0 to 100; None when the cell is blank."""
    value = plain(raw).removesuffix("分").strip()
    if is_blank(value):
        return None
    if not _DECIMAL.fullmatch(value):
        return broken(raw) or Fault("cell.score")
    score = float(value)
    return score if score <= 100 else Fault("cell.score_range")  # noqa: PLR2004  # points


def day(raw: str, epoch: date | None = None) -> date | Fault | None:
    """Return a date; None when the cell is blank.

    ``epoch`` is day 0 of the serial numbers of the workbook; None where the file is a text, whose
    serial numbers nobody can date.
    """
    value = plain(raw)
    if is_blank(value):
        return None
    if _SERIAL.fullmatch(value):
        return _of_serial(value, epoch)
    written = _DAY.fullmatch(value)
    if not written:
        unclear = _SHORT_DAY.fullmatch(value)
        return broken(raw) or Fault("cell.day_unclear" if unclear else "cell.day")
    if written["zone"]:
        return Fault("cell.day_zone")
    parts = [written["y"]]
    parts += [written[name] or written[f"{name}2"] or written[f"{name}3"] for name in "md"]
    return _of_parts(*map(int, parts))


def _of_parts(year: int, month: int, of_month: int) -> date | Fault:
    try:
        found = date(year, month, of_month)
    except ValueError:
        return Fault("cell.no_such_day")
    return found if found.year >= _FIRST_YEAR else Fault("cell.day_too_early")


def _of_serial(value: str, epoch: date | None) -> date | Fault:
    if epoch is None:
        return Fault("cell.day_serial")
    found = epoch + timedelta(days=int(float(value)))
    return found if found.year >= _FIRST_YEAR else Fault("cell.day_too_early")
