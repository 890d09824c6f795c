"""What the desk does around an edition: asks institutions, takes one back, explains a late one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from portal.casework.editions.edition_calendar import explain
from portal.casework.editions.factual_checks import open_checks
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.publication.editions.approving import keep_draft, open_draft
from portal.publication.editions.archive import bundle_of, contents_of, sealed_edition
from portal.publication.editions.blocks import own_to_check
from portal.publication.editions.composing import Why, prepared
from portal.publication.editions.withdrawing import withdrawal_of
from portal.store.editions import Edition
from portal.web.boundary import Act, act
from portal.web.guard import allowed
from portal.web.regulator.publishing import editions
from portal.web.regulator.publishing.edition_forms import CalendarForm, WithdrawForm
from portal.web.regulator.publishing.objections import stand_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


@allowed(Permission.COMPOSE_EDITION)
def open_check(number: int) -> Response:
    """Ask the institutions to check their own figures in the draft that the page showed."""
    with act() as here:
        edition = open_draft(here.session, number, editions.shown_draft())
        period = Period.parse(edition.period)
        ground = prepared(here.session, period, here.rules, here.office, here.site)
        open_checks(stand_of(here), edition, own_to_check(here.session, edition, ground))
    return redirect(url_for(".edition", number=number), 303)


@allowed(Permission.COMPOSE_EDITION)
def withdraw(number: int) -> tuple[str, int] | Response:
    """Draft the edition that takes this one back; two persons seal it as any other."""
    form = WithdrawForm()
    made = form.attempt(lambda here: _withdraw(here, number, form))
    if made is None or form.errors:
        return editions.sealed_again(number, form), form.status
    return redirect(url_for(".edition", number=made.number), 303)


@allowed(Permission.COMPOSE_EDITION)
def explain_late() -> tuple[str, int] | Response:
    """Say in public why a day of the calendar passed without an edition."""
    form = CalendarForm()
    form.attempt(lambda here: _explain(here, form))
    if form.errors:
        return editions.list_again(form), form.status
    return redirect(url_for(".editions"), 303)


def _explain(here: Act, form: CalendarForm) -> None:
    reasons = (form.reason_zh.data or "", form.reason_en.data or "")
    explain(stand_of(here), here.office, here.site, form.due_on.data or here.day, reasons)


def _withdraw(here: Act, number: int, form: WithdrawForm) -> Edition:
    edition = sealed_edition(here.session, number)
    contents = contents_of(bundle_of(here.session, number))
    why = Why(zh=form.why_zh.data or "", en=form.why_en.data or "")
    draft = withdrawal_of(edition, contents, why)
    return keep_draft(here.session, here.actor, draft, here.at)
