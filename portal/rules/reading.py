"""From TOML to frozen dataclasses, strictly: a wrong key or type is named, never skipped."""

from __future__ import annotations

import tomllib
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from portal.rules.error import RuleError
from portal.settings import ROOT

DATA = ROOT / "data"
"""The folder of shipped rules, words, office files and catalogues."""

Plain = Mapping[str, Any]
"""A table as JSON could hold it: dates are ISO strings."""

T = TypeVar("T")

Shape = Mapping[str, tuple[Any, bool]]
"""Field → (type, may it be left out)."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return the tables of ``file`` with dates as ISO strings.

    Raises:
        RuleError: the file is missing or is not TOML in UTF-8.

    """
    try:
        return parse_toml(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as cause:
        msg = f"{file}: cannot be read ({cause})"
        raise RuleError(msg) from cause


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Return the tables of a TOML text with dates as ISO strings.

    Raises:
        RuleError: the text is not TOML.

    """
    try:
        tables: dict[str, Any] = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as cause:
        msg = f"{where}: not TOML ({cause})"
        raise RuleError(msg) from cause
    return tables


def plain(value: Any) -> Any:  # noqa: ANN401 (TOML holds anything)
    """Return ``value`` with every date turned into its ISO string."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def build(kind: type[T], values: Plain, where: str) -> T:
    """Return a ``kind`` (a dataclass) made of a table.

    Raises:
        RuleError: a key is unknown or missing, a type is wrong, or the dataclass refuses.

    """
    shape = _shape(cast("Any", kind))  # a class is hashable; mypy does not see it through T
    _check_keys(shape, values, where)
    arguments = {key: _as(shape[key][0], value, f"{where}.{key}") for key, value in values.items()}
    try:
        return kind(**arguments)
    except RuleError as cause:
        msg = f"{where}: {cause}"
        raise RuleError(msg) from cause


@cache
def _shape(kind: type[Any]) -> Shape:
    """Return field → (type, may it be left out)."""
    hints = get_type_hints(kind)
    return {f.name: (hints[f.name], _has_default(f)) for f in fields(kind) if f.init}


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _check_keys(shape: Shape, values: object, where: str) -> None:
    if not isinstance(values, Mapping):
        msg = f"{where}: a table is wanted, not {values!r}"
        raise RuleError(msg)
    unknown = sorted(values.keys() - shape.keys())
    missing = [key for key, (_, optional) in shape.items() if not optional and key not in values]
    for word, keys in (("unknown", unknown), ("missing", missing)):
        if keys:
            msg = f"{where}: {word} {', '.join(keys)}"
            raise RuleError(msg)


def _as(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 (the hint decides)
    if isinstance(hint, types.UnionType):
        return _as(next(arm for arm in get_args(hint) if arm is not types.NoneType), value, where)
    if get_origin(hint) in {tuple, frozenset}:
        return _as_many(hint, value, where)
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, where)
    read = _SINGLE.get(hint)
    try:
        if read is None:
            raise TypeError  # noqa: TRY301 (one sentence for every wrong value)
        return read(value)
    except (TypeError, ValueError) as cause:
        msg = f"{where}: {getattr(hint, '__name__', hint)} is wanted, not {value!r}"
        raise RuleError(msg) from cause


def _as_many(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 (as above)
    if not isinstance(value, list):
        msg = f"{where}: a list is wanted, not {value!r}"
        raise RuleError(msg)
    inner = get_args(hint)[0]
    return get_origin(hint)(_as(inner, one, f"{where}[{at}]") for at, one in enumerate(value))


def _exactly(kind: type[Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:  # noqa: ANN401 (as above)
        if type(value) is not kind:
            raise TypeError
        return value

    return read


def _number(value: Any) -> float:  # noqa: ANN401 (as above)
    if type(value) not in {int, float}:
        raise TypeError
    return float(value)


def _day(value: Any) -> date:  # noqa: ANN401 (as above)
    return date.fromisoformat(value)


_SINGLE: dict[Any, Callable[[Any], Any]] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    float: _number,
    date: _day,
    dict[str, Any]: _exactly(dict),
}
