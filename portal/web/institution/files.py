"""Files of a report: evidence as it was sent, templates to fill in, sheets with their faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from portal.casework.special_reports.evidence import own_file
from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.sheets import Place, faults_of, rows_of
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.domain.reports import Row
from portal.intake.files.workbook_out import MIME
from portal.intake.report_sheets import annotated, template
from portal.rules.form import Item
from portal.web.answers import cell_words, trades_words
from portal.web.boundary import look
from portal.web.guard import allowed
from portal.web.institution.filed import filing_for, section_named
from portal.web.kept_files import disposition, file_answer
from portal.web.language import language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@allowed(Permission.FILE_REPORT)
def show(number: int) -> ResponseReturnValue:
    """Return a file of one's own institution."""
    with look() as a:
        return file_answer(own_file(a.session, a.actor, number))


@allowed(Permission.FILE_REPORT)
def blank(period: str, section: str, table: str) -> ResponseReturnValue:
    """Return the template of a table, with the rows that are filled in already."""
    with look() as a:
        filing = filing_for(a, period)
        place = _place(filing, section, table)
        rows = filing.typed.get(section, {}).get(table, [])
        shown = [_shown(place.item, row) for row in rows if isinstance(row, dict)]
    return _book(template(place.item, shown, language()), place)


@allowed(Permission.FILE_REPORT)
def faults(period: str, section: str, table: str) -> ResponseReturnValue:
    """Return the sheet that was sent with every fault marked in it."""
    with look() as a:
        filing = filing_for(a, period)
        place = _place(filing, section, table)
        staged = filing.sheet_of(place.section, place.item)
        if staged is None:
            raise NotFound("sheet.none_such")
        wrong = faults_of(filing, place)
        rows = [(line, _shown(place.item, row)) for line, row in rows_of(staged)]
    said = [cell_words(one.fault) for one in wrong]
    return _book(annotated(place.item, rows, wrong, said, language()), place)


def _place(filing: Filing, section: str, table: str) -> Place:
    asked = section_named(filing, section)
    item = next((item for item in asked.items if item.key == table and item.sheet), None)
    if item is None:
        raise NotFound("sheet.none_such")
    return Place(asked, item)


def _shown(item: Item, row: Row) -> Row:
    """Return a row with its trades in words."""
    trades = {column.key for column in item.columns if column.kind in {"trade", "trades"}}
    return {key: trades_words(text) if key in trades else text for key, text in row.items()}


def _book(content: bytes, place: Place) -> Response:
    answer = Response(content, content_type=MIME)
    name = f"{place.item.label(language())}.xlsx"
    answer.headers["Content-Disposition"] = disposition("attachment", name)
    return answer
