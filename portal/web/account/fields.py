"""What the forms of accounts ask of a password before any work is done for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms.validators import StopValidation

from portal.domain.accounts import is_too_long
from portal.rules.words import say
from portal.web.language import language

if TYPE_CHECKING:
    from flask_wtf import FlaskForm
    from wtforms import Field


def given(_form: FlaskForm, field: Field) -> None:
    """Refuse an empty field and what no password can be."""
    if not field.data:
        raise StopValidation(say("people.password_missing", language()))
    if is_too_long(field.data):
        raise StopValidation(say("people.password_long", language()))


def typed_alike(form: FlaskForm, field: Field) -> None:
    """Refuse a second password that is not the first."""
    if field.data != form["password"].data:
        raise StopValidation(say("people.password_again", language()))
