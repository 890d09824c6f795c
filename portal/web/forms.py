"""What all forms share: they take only what they ask for, each field once, and only from us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from flask import Flask, current_app, make_response, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import UnsupportedMediaType
from wtforms import DateField, Field
from wtforms.validators import StopValidation

from portal.domain.errors import Conflict, PortalError, RuleBroken
from portal.rules.words import say
from portal.web.boundary import Act, act
from portal.web.errors import answer, refused
from portal.web.guard import asked_for
from portal.web.held import held, hold, is_holding
from portal.web.language import language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., "ResponseReturnValue"])
Result = TypeVar("Result")
Check = Callable[[FlaskForm, Field], None]

_shown_again: set[object] = set()

_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def install(app: Flask) -> None:
    """Check every form before its view sees it."""
    app.before_request(_only_forms)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, forged)


def _only_forms() -> None:
    """Refuse a change that no form of ours can have sent."""
    if request.method in _CHANGES and request.mimetype not in _FORM_TYPES:
        raise UnsupportedMediaType


def forged(_error: CSRFError) -> Response:
    """Answer a form that does not carry the token of this session.

    Where the view says so with :func:`shows_again` the form comes back with what was typed: it was
    open for very long, or somebody signed in again beside it. Everybody else is told, or signs in.
    """
    view = current_app.view_functions[request.endpoint or ""]
    if view in _shown_again:
        try:
            return make_response(view(**(request.view_args or {})))
        except PortalError as error:
            return refused(error)
    if hasattr(view, "permission") and not current_user.is_authenticated:
        if is_holding(view):
            hold()
        return redirect(url_for("account.sign_in", next=asked_for()), 303)
    return answer(403, say("form.foreign", language()))


def shows_again(view: View) -> View:
    """Mark a view whose form checks the token itself and shows again what was typed."""
    _shown_again.add(view)
    return view


class Form(FlaskForm):
    """A form that refuses fields nobody asked for and fields sent twice; ``_…`` is ignored.

    ``also`` names what its buttons send; a name that ends in ``-`` stands for all that begin so.
    """

    also: ClassVar[frozenset[str]] = frozenset()
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    """How a page answers that shows this form with what is wrong in it."""
    was_held: bool = False
    """Whether it shows what was typed when the session was lost."""

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401  # untyped library
        """Begin with what was held for this page, if anything was."""
        typed = held()
        self.was_held = typed is not None
        super().__init__(*given, **({"formdata": typed} | more if typed else more))

    def validate(self, extra_validators: Mapping[str, Sequence[Check]] | None = None) -> bool:
        """Tell whether everything that came is right; what is wrong stands at its field."""
        sound = bool(super().validate(extra_validators))
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = []
            self.form_errors.append(say("form.ended", language()))
        faults = [*self._not_asked(), *self._twice(), *self._not_kept()]
        self.form_errors.extend(faults)
        return sound and not faults

    def _not_asked(self) -> list[str]:
        known = tuple(field.name for field in self)
        inside = [f"{field.name}-" for field in self if field.type in _WITH_FIELDS]
        inside += [name for name in self.also if name.endswith("-")]
        strange = (
            name
            for name in request.form
            if name not in known and name not in self.also and not name.startswith(("_", *inside))
        )
        return [say("form.not_asked", language())] if any(strange) else []

    def _twice(self) -> list[str]:
        single = (field.name for field in self if field.type not in _OF_MANY)
        twice = any(len(request.form.getlist(name)) > 1 for name in single)
        return [say("form.twice", language())] if twice else []

    def _not_kept(self) -> list[str]:
        """Refuse the one sign that no database takes; passwords are judged by their own rule."""
        texts = (f.data for f in self if isinstance(f.data, str) and f.type != "PasswordField")
        return [say("form.nul", language())] if any("\x00" in text for text in texts) else []

    def attempt(self, do: Callable[[Act], Result]) -> Result | None:
        """Return what ``do`` gives in a transaction of its own; None if something is wrong.

        What is wrong, in the fields or by the act, stands in the form then.
        """
        if not self.validate():
            return None
        try:
            with act() as a:
                return do(a)
        except RuleBroken as error:
            self.blame(error)
        except Conflict as error:
            self.form_errors.append(say(error.key, language(), **error.facts))
            self.status = HTTPStatus.CONFLICT
        return None

    def blame(self, error: RuleBroken) -> None:
        """Put the faults of a refused act at their fields."""
        for name, key in error.faults.items():
            words = say(key, language(), **error.facts)
            if name in self:
                self[name].errors = [*self[name].errors, words]
            else:
                self.form_errors.append(words)
        if not error.faults:
            self.form_errors.append(say(error.key, language(), **error.facts))


_WITH_FIELDS = frozenset({"FieldList", "FormField"})
_OF_MANY = _WITH_FIELDS | {"SelectMultipleField", "MultipleFileField"}


class DayField(DateField):
    """A date that says in the reader's language when it is none; empty is None."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError as error:
            raise ValueError(say("form.day", language())) from error


def needed(key: str) -> Check:
    """Return a check that the field is filled in; ``key`` names the sentence for when it is not."""

    def check(_form: FlaskForm, field: Field) -> None:
        if field.errors:  # what could not be read is not missing besides
            raise StopValidation
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(say(key, language()))

    return check


def at_most(most: int, key: str) -> Check:
    """Return a check that a text has no more than ``most`` characters."""

    def check(_form: FlaskForm, field: Field) -> None:
        if len(field.data or "") > most:
            raise StopValidation(say(key, language(), most=most))

    return check
