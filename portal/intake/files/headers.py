"""Finding the header of a table, and telling data from all that stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from portal.intake.files.cells import clean
from portal.intake.files.formats import Format, header_key
from portal.intake.files.safety import refuse
from portal.rules.pair import Pair

LOOKED_AT = 40
"""Rows from the top among which the header must stand."""

_ENOUGH = 2
_SUBTOTAL = re.compile(
    r"(?:本?页?小计|合计|总计|共计|累计|(?:sub)?total)\b.*|.{0,12}(?:小计|合计|总计)[:：]?",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:制表|填表|审核|复核|批准|经办|负责|签发|签字|盖章|单位\s*[（(]\s*(?:公章|盖章|签章)|日期|打印|联系|备注|说明|注)"
    r"[^:：]{0,8}[:：)）].*|第\s*\d+\s*页.*|共\s*\d+\s*页.*|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
)
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the columns of a format stand in a table.

    ``headers`` are the file's own words by key; ``spoken`` the header row as it stands, to know
    it again; ``ignored`` are columns that no format speaks of; ``line`` and ``last_line`` bound
    the header.
    """

    line: int
    last_line: int
    width: int
    headers: dict[str, str]
    places: tuple[int, ...]
    spoken: tuple[str, ...]
    ignored: tuple[str, ...]

    def picker(self) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Return what picks a row's cells in the order of the format; "" for missing columns.

        The row must be as wide as the header, with one "" behind it.
        """
        return itemgetter(*self.places)


def measure(form: Format) -> Callable[[list[list[str]]], int]:
    """Return what counts how many columns of ``form`` the best of some rows names."""
    meant = form.meant_by()

    def best(rows: list[list[str]]) -> int:
        return max(
            (len({meant.get(header_key(cell)) for cell in row} - {None}) for row in rows), default=0
        )

    return best


def layout_of(rows: Sequence[tuple[int, Sequence[str]]], form: Format) -> Layout | None:
    """Return the layout that the first rows of a table show; None when no header is among them.

    Raises:
        RuleBroken: a header stands there, but lacks a column or names one twice.

    """
    found = [_layout(rows, number, form) for number in range(len(rows))]
    double = [_layout(rows, number, form, two_rows=True) for number in range(len(rows) - 1)]
    best = max([*found, *double], key=lambda layout: _merit(layout, form), default=None)
    if best is None or len(best.headers) < _ENOUGH:
        return None
    _require_complete(best, form)
    return best


def _merit(layout: Layout, form: Format) -> tuple[int, int, int]:
    complete = not _missing(layout, form)
    return (len(layout.headers) + 100 * complete, -(layout.last_line - layout.line), -layout.line)


def _layout(
    rows: Sequence[tuple[int, Sequence[str]]], number: int, form: Format, *, two_rows: bool = False
) -> Layout:
    line, cells = rows[number]
    last_line = rows[number + 1][0] if two_rows else line
    spoken = [clean(cell) for cell in cells]
    if two_rows:
        spoken = _joined(spoken, [clean(cell) for cell in rows[number + 1][1]])
    while spoken and not spoken[-1]:
        spoken.pop()
    meant = form.meant_by()
    keys = [meant.get(header_key(cell)) for cell in spoken]
    return Layout(
        line=line,
        last_line=last_line,
        width=len(spoken),
        headers={key: " ".join(spoken[place].split()) for place, key in enumerate(keys) if key},
        places=tuple(keys.index(key) if key in keys else len(spoken) for key in form.keys),
        spoken=tuple(spoken),
        ignored=tuple(text for text, key in zip(spoken, keys, strict=True) if text and not key),
    )


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Return the headers of two rows as one: 成绩 over 理论 and 实操."""
    width = max(len(upper), len(lower))
    upper, lower = (row + [""] * (width - len(row)) for row in (upper, lower))
    spread, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        spread.append(last)
    return [
        above if not below or below == above else above + below
        for above, below in zip(spread, lower, strict=True)
    ]


def _missing(layout: Layout, form: Format) -> list[tuple[str, ...]]:
    """Return the groups of columns of which a table should have one and has none."""
    missing = [group for group in form.needs if not any(key in layout.headers for key in group)]
    together = set(form.lacks) <= {group[0] for group in missing}
    return [group for group in missing if not (together and group[0] in form.lacks)]


def _require_complete(layout: Layout, form: Format) -> None:
    meant = form.meant_by()
    keys = [key for text in layout.spoken if (key := meant.get(header_key(text)))]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise refuse("column_twice", columns=named(twice, form), line=str(layout.line))
    if missing := _missing(layout, form):
        raise refuse(
            "column_missing",
            columns=named((group[0] for group in missing), form),
            line=str(layout.line),
            missing=[
                key
                for group in missing
                for key in group
                if key == group[0] or key not in form.lacks
            ],
            unknown=list(layout.ignored),
        )


def named(keys: Iterable[str], form: Format) -> Pair:
    """Return columns by the words that are in use for them, and by their canonical headers."""
    columns = [form.column(key) for key in keys]
    return Pair(
        zh="、".join(f"{column.zh} {column.key}" for column in columns),
        en=", ".join(f"{column.en} ({column.key})" for column in columns),
    )


def kind_of_line(cells: Sequence[str], layout: Layout) -> str | None:
    """Return why a line is no data: blank, header, subtotal or signature; None when it is data."""
    texts = [text for cell in cells if (text := clean(cell))]
    if not texts:
        return "blank"
    if tuple(clean(cell) for cell in cells[: layout.width]) == layout.spoken:
        return "header"
    if _SUBTOTAL.fullmatch(texts[0].replace(" ", "")):
        return "subtotal"
    if len(texts) <= _FEW and all(_SIGNATURE.fullmatch(text) for text in texts):
        return "signature"
    return None
