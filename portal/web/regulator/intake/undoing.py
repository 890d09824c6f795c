"""Taking back a file that was entered on behalf: one regulator asks, another one agrees."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, url_for

from portal.domain.people import Permission
from portal.intake.undoing_in_two import agree_to_undo, ask_to_undo, drop_undo
from portal.web.boundary import Act
from portal.web.forms import Form
from portal.web.guard import allowed
from portal.web.regulator.intake.imports import UndoForm, receipt_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


class AgreeForm(Form):
    """One button: agree, or let it stand."""


@allowed(Permission.TAKE_IN_ON_BEHALF)
def ask(number: str) -> ResponseReturnValue:
    """Ask for a second regulator."""
    form = UndoForm()
    return _done(
        number,
        form,
        lambda a: ask_to_undo(a.session, a.actor, number, form.why.data or "", a.at),
    )


@allowed(Permission.TAKE_IN_ON_BEHALF)
def agree(number: str) -> ResponseReturnValue:
    """Take back what another regulator asked to be taken back."""
    return _done(number, AgreeForm(), lambda a: agree_to_undo(a.session, a.actor, number, a.at))


@allowed(Permission.TAKE_IN_ON_BEHALF)
def drop(number: str) -> ResponseReturnValue:
    """Let the file stand after all."""
    return _done(number, AgreeForm(), lambda a: drop_undo(a.session, a.actor, number, a.at))


def _done(number: str, form: Form, do: Callable[[Act], object]) -> ResponseReturnValue:
    if form.attempt(lambda a: (do(a),)) is None:
        return receipt_page(number, form), form.status
    return redirect(url_for("regulator.received", number=number), HTTPStatus.SEE_OTHER)
