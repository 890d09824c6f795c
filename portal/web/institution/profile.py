"""What an institution may change any day: fee, class dates, free places, phone. Live at once."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.casework.institutions.offers import (
    ClassWords,
    FeeWords,
    Now,
    add_class,
    change_places,
    current_fees,
    current_phone,
    end_fee,
    own_institution,
    state_fee,
    state_phone,
    upcoming_classes,
    withdraw_class,
)
from portal.domain.errors import Conflict, NotFound
from portal.domain.people import Permission
from portal.rules.catalogue import Trade
from portal.rules.words import say
from portal.store.institutions import Institution, InstitutionTrade
from portal.store.offers import ClassDate, ContactPhone, Fee
from portal.web.boundary import Act, act, look
from portal.web.guard import allowed
from portal.web.held import holds
from portal.web.institution.profile_forms import (
    ClassForm,
    FeeForm,
    PhoneForm,
    PlacesForm,
    value_of,
)
from portal.web.language import language

Answer = str | Response | tuple[str, int]
_CENTS = 100


@allowed(Permission.EDIT_PROFILE)
def show() -> str:
    """Show what is public now, and what it said before."""
    with look() as a:
        institution = own_institution(a.session, a.actor)
        return render_template(
            "institution/profile.html",
            institution=institution,
            trades=_trades(a, institution),
            phone=current_phone(a.session, institution.id),
            fees=current_fees(a.session, institution.id),
            classes=upcoming_classes(a.session, institution.id, a.day),
            history=_history(a, institution),
        )


@holds
@allowed(Permission.EDIT_PROFILE)
def phone() -> Answer:
    """Show or state the phone."""
    form = PhoneForm()
    with _act_or_look() as a:
        institution = own_institution(a.session, a.actor)
        known = current_phone(a.session, institution.id)
        if request.method == "GET":
            if not form.was_held:
                form.phone.data = known.phone if known else institution.phone
            return render_template("institution/profile_phone.html", form=form)
        if not form.validate():
            return render_template("institution/profile_phone.html", form=form), 422
        state_phone(a.session, a.actor, value_of(form.phone), Now(day=a.day, at=a.at))
    return _back()


@holds
@allowed(Permission.EDIT_PROFILE)
def fee(trade: str) -> Answer:
    """Show or state the fee for a trade; the button ``end`` takes it off."""
    form = FeeForm()
    with _act_or_look() as a:
        institution = own_institution(a.session, a.actor)
        named = _own_trade(a, institution, trade)
        known = current_fees(a.session, institution.id).get(trade)
        facts = {"form": form, "trade": named, "fee": known}
        if request.method == "GET":
            _show_fee(form, known)
            return render_template("institution/profile_fee.html", **facts)
        now = Now(day=a.day, at=a.at)
        if "end" in request.form:
            end_fee(a.session, a.actor, trade, now)
            return _back()
        if not form.validate():
            return render_template("institution/profile_fee.html", **facts), 422
        state_fee(a.session, a.actor, _fee_words(trade, form), now)
    return _back()


@holds
@allowed(Permission.EDIT_PROFILE)
def new_class() -> Answer:
    """Show the form for a class, or announce it."""
    form = ClassForm()
    with _act_or_look() as a:
        institution = own_institution(a.session, a.actor)
        lang = language()
        form.offer([(t.slug, t.name(lang)) for t in _trades(a, institution)], a.day)
        if request.method == "GET":
            return render_template("institution/profile_class.html", form=form)
        if not form.validate():
            return render_template("institution/profile_class.html", form=form), 422
        try:
            add_class(a.session, a.actor, _class_words(form), Now(day=a.day, at=a.at))
        except Conflict as error:
            form.starts_on.errors = [say(error.key, lang)]
            return render_template("institution/profile_class.html", form=form), 409
    return _back()


@holds
@allowed(Permission.EDIT_PROFILE)
def one_class(number: int) -> Answer:
    """Show or state the free places of a class; the button ``withdraw`` takes the class back."""
    form = PlacesForm()
    with _act_or_look() as a:
        institution = own_institution(a.session, a.actor)
        known = _class_numbered(a, institution, number)
        facts = {"form": form, "row": known}
        if request.method == "GET":
            if not form.was_held:
                form.free_places.data = "" if known.free_places is None else str(known.free_places)
            return render_template("institution/profile_places.html", **facts)
        now = Now(day=a.day, at=a.at)
        if "withdraw" in request.form:
            withdraw_class(a.session, a.actor, number, now)
            return _back()
        if not form.validate():
            return render_template("institution/profile_places.html", **facts), 422
        change_places(a.session, a.actor, number, value_of(form.free_places), now)
    return _back()


def _act_or_look() -> AbstractContextManager[Act]:
    return act() if request.method == "POST" else look()


def _back() -> Response:
    return redirect(url_for("institution.profile"), 303)


def _trades(a: Act, institution: Institution) -> list[Trade]:
    """Return the trades that the institution teaches; where none is registered, all offered."""
    rows = select(InstitutionTrade.trade).where(InstitutionTrade.institution_id == institution.id)
    own = set(a.session.scalars(rows))
    offered = [trade for trade in a.office.offered() if trade.slug in own]
    return offered or list(a.office.offered())


def _own_trade(a: Act, institution: Institution, slug: str) -> Trade:
    for trade in _trades(a, institution):
        if trade.slug == slug:
            return trade
    raise NotFound("offer.no_trade")


def _class_numbered(a: Act, institution: Institution, number: int) -> ClassDate:
    for row in upcoming_classes(a.session, institution.id, a.day):
        if row.id == number:
            return row
    raise NotFound("offer.no_class")


def _show_fee(form: FeeForm, known: Fee | None) -> None:
    if known is None or form.was_held:
        return
    form.total.data = _typed_money(known.total_cents)
    form.includes.data = known.includes
    form.retake.data = _typed_money(known.retake_cents)
    form.material.data = _typed_money(known.material_cents)


def _typed_money(cents: int | None) -> str:
    return "" if cents is None else f"{cents / _CENTS:.2f}".removesuffix(".00")


def _fee_words(trade: str, form: FeeForm) -> FeeWords:
    return FeeWords(
        trade=trade,
        total_cents=value_of(form.total),
        includes=value_of(form.includes) or "",
        retake_cents=value_of(form.retake),
        material_cents=value_of(form.material),
    )


def _class_words(form: ClassForm) -> ClassWords:
    return ClassWords(
        trade=form.trade.data,
        starts_on=value_of(form.starts_on),
        schedule=form.schedule.data,
        free_places=value_of(form.free_places),
    )


def _history(a: Act, institution: Institution) -> list[Fee | ClassDate | ContactPhone]:
    """Return what is no longer public, the newest first."""
    mine = institution.id
    old: list[Fee | ClassDate | ContactPhone] = [
        *a.session.scalars(
            select(Fee).where(Fee.institution_id == mine, Fee.ended_on.is_not(None))
        ),
        *a.session.scalars(
            select(ContactPhone).where(
                ContactPhone.institution_id == mine, ContactPhone.ended_on.is_not(None)
            )
        ),
        *a.session.scalars(
            select(ClassDate).where(
                ClassDate.institution_id == mine,
                ClassDate.withdrawn_on.is_not(None) | (ClassDate.starts_on < a.day),
            )
        ),
    ]
    return sorted(old, key=lambda row: (row.stated_on, row.id), reverse=True)
