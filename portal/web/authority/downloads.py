"""What the exam authority takes away from its desk: lists of errors, workbooks, empty files."""

from __future__ import annotations

import csv
import io

from flask import Response

from portal.domain.errors import NotFound
from portal.domain.formulas import harmless
from portal.domain.people import Permission
from portal.intake.annotating import annotated
from portal.intake.files.formats import Kind, format_of
from portal.intake.files.workbook_out import MIME
from portal.intake.remembering import with_words
from portal.intake.uploads import source_of, upload_of
from portal.web.boundary import look
from portal.web.guard import allowed
from portal.web.handing_in import OURS, counter_of
from portal.web.language import gettext, language


@allowed(Permission.AUTHORITY_DESK)
def refusals(number: int) -> Response:
    """Return all refusals of a staged file as CSV, with a mark for Excel."""
    with look() as a:
        found = upload_of(a.session, number)
        lines = found.report["refusals"]
    header: list[object] = [
        gettext("工作表"),
        gettext("行"),
        gettext("列"),
        gettext("表中填的"),
        gettext("问题"),
    ]
    rows = [
        [one["sheet"], one["line"], one["column"], one["raw"], one[language()]] for one in lines
    ]
    return _csv([header, *rows], f"refusals-{number}.csv")


@allowed(Permission.AUTHORITY_DESK)
def blank(kind: str) -> Response:
    """Return an empty file with the canonical header."""
    if kind not in OURS:
        raise NotFound("intake.no_upload")
    return _csv([[*format_of(Kind(kind)).keys[: _CANONICAL[kind]]]], f"{kind}.csv")


_CANONICAL = {"exams": 15, "tallies": 10}


def _csv(rows: list[list[object]], name: str) -> Response:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    answer = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@allowed(Permission.AUTHORITY_DESK)
def workbook(number: int) -> Response:
    """Return a staged file as a workbook in which every row says what became of it."""
    with look() as a:
        found = upload_of(a.session, number)
        source = source_of(found, counter_of(a))
        form = with_words(a.session, Kind(found.kind))
        content = annotated(source, form, found.report, language())
    answer = Response(content, content_type=MIME)
    answer.headers["Content-Disposition"] = f'attachment; filename="checked-{number}.xlsx"'
    return answer
