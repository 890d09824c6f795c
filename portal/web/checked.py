"""A file that was checked and waits, on every desk at which one is handed in.

Its page, what it would do to the ranking, and what is taken away from it: the list of its faults
and the workbook in which every row says what became of it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.formulas import harmless
from portal.intake.annotating import annotated
from portal.intake.files.formats import Format, Kind, format_of
from portal.intake.files.workbook_out import MIME
from portal.intake.handing_in import Wish
from portal.intake.remembering import with_words
from portal.intake.taking_in import check_file
from portal.intake.uploads import UploadState, source_of
from portal.publication.effect import effect_if_taken_in
from portal.store.receipts import Receipt, Upload
from portal.web.boundary import Act, look, wiring
from portal.web.forms import Form
from portal.web.handing_in import counter_of
from portal.web.language import ENGLISH, gettext, language
from portal.web.receipts import asides, kind_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_SHOWN = 100
"""Refusals that a page shows; all of them are in the list to download."""


def column_words(form: Format, key: str) -> str:
    """Return what a column is called in the reader's language."""
    column = form.column(key)
    return column.en if language() == ENGLISH else column.zh


def checked_page(
    a: Act,
    upload: Upload,
    template: str,
    receipt_page: str,
    **more: Any,  # noqa: ANN401  # what the template shows besides
) -> ResponseReturnValue:
    """Return the page of a file that waits; once it was taken in, the way to its receipt.

    ``receipt_page`` is the endpoint at which this desk shows a receipt.

    Raises:
        NotFound: it was given up.

    """
    if upload.receipt_id is not None:
        receipt = a.session.get_one(Receipt, upload.receipt_id)
        return redirect(url_for(receipt_page, number=receipt.number))
    if upload.state != UploadState.CHECKED.value:
        raise NotFound("intake.no_upload")
    return render_template(
        template,
        upload=upload,
        report=upload.report,
        refusals=_refusals(upload),
        asides=asides(upload.report["skipped"]),
        kind=kind_words(upload.kind),
        **more,
    )


def shown_again(page: ResponseReturnValue, form: Form) -> Response:
    """Return the page of a file with what is wrong with the decision on it.

    Where another person dealt with the file in between, the page leads on to the receipt as it is.
    """
    answer = make_response(page)
    if answer.status_code == HTTPStatus.OK:
        answer.status_code = form.status
    return answer


def _refusals(upload: Upload) -> list[dict[str, object]]:
    """Return the first refusals as a page shows them, in the reader's language."""
    form, sheets = format_of(Kind(upload.kind)), upload.report["sheets"]
    labels = {key: column_words(form, key) for key in form.keys}
    return [
        {
            "line": one["line"],
            "sheet": one["sheet"] if sheets > 1 else "",
            "column": labels.get(one["key"]) or one["column"] or gettext("整行"),
            "own": one["column"],
            "raw": one["raw"],
            "words": one[language()],
        }
        for one in upload.report["refusals"][:_SHOWN]
    ]


def effect_page(template: str, found: Callable[[Session], Upload], wish: Wish) -> str:
    """Return the page that says who would change band and who become withheld, were it taken in."""
    with look() as a:
        upload, counter = found(a.session), counter_of(a)
        handed = check_file(a.session, counter, Kind(upload.kind), source_of(upload, counter))
    # What it corrects was said when it was staged; why is asked only when it is taken in.
    wish = replace(wish, corrects=upload.corrects, reason="-")
    effect = effect_if_taken_in(wiring().engine, a.actor, counter, handed, wish, a.rules)
    return render_template(template, upload=upload, effect=effect)


def list_of_faults(upload: Upload) -> Response:
    """Return all refusals of a file as CSV, with a mark for Excel."""
    header = [
        gettext("工作表"),
        gettext("行"),
        gettext("列"),
        gettext("表中填的"),
        gettext("问题"),
    ]
    keys = ("sheet", "line", "column", "raw", language())
    rows = [[one[key] for key in keys] for one in upload.report["refusals"]]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row]
        for row in [header, *rows]
    )
    content = text.getvalue().encode("utf-8-sig")
    return attachment(content, "text/csv; charset=utf-8", f"refusals-{upload.id}.csv")


def workbook_of(a: Act, upload: Upload) -> Response:
    """Return a file as a workbook in which every row says what became of it."""
    form = with_words(a.session, Kind(upload.kind))
    content = annotated(source_of(upload, counter_of(a)), form, upload.report, language())
    return attachment(content, MIME, f"checked-{upload.id}.xlsx")


def attachment(content: bytes, content_type: str, name: str) -> Response:
    """Return a file to be kept under a name."""
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
