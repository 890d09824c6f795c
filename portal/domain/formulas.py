"""What a spreadsheet would compute instead of show, and the apostrophe that keeps it a text."""

from __future__ import annotations

import re

# In half and full width, behind any apostrophes: so that one can be taken off again.
_FORMULA = re.compile(r"'*[=+\-−@＝＋－＠\t\r\n]")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before it."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """Return the text of which :func:`harmless` made the cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
