"""Editions at the desk: compose, look at the figures, approve, seal as the second person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from wtforms import SelectChoice

from portal.casework.editions.edition_calendar import dues
from portal.casework.editions.factual_checks import asked_of, told_checks
from portal.casework.editions.objections import objections_of
from portal.domain.errors import RuleBroken
from portal.domain.people import Permission
from portal.domain.period import Period
from portal.metrics.counts import periods_with_counts
from portal.publication.editions.approving import (
    approvals_of,
    approve,
    drop_draft,
    keep_draft,
)
from portal.publication.editions.archive import (
    bundle_of,
    contents_of,
    edition_numbered,
    open_drafts,
    sealed_edition,
    sealed_editions,
)
from portal.publication.editions.blocks import Block, approval_blocks, blocks_of
from portal.publication.editions.composing import FIGURES, Draft, Why, drafted, prepared
from portal.publication.editions.copies import mend_copies
from portal.publication.editions.letters import letters_in
from portal.publication.editions.preview import previews
from portal.publication.editions.sealing import Ground, seal_as_second
from portal.publication.editions.shelving import limits_of
from portal.rules.words import say
from portal.store.editions import Edition
from portal.web.boundary import Act, act, look, wiring
from portal.web.guard import allowed
from portal.web.language import language
from portal.web.regulator.publishing.edition_forms import (
    CalendarForm,
    ComposeForm,
    DraftForm,
    WithdrawForm,
)
from portal.web.shape import period as in_words

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


@allowed(Permission.COMPOSE_EDITION)
def index() -> str:
    """Show the editions, the open drafts, and the form that composes one."""
    return _list(ComposeForm())


@allowed(Permission.COMPOSE_EDITION)
def compose() -> tuple[str, int] | Response:
    """Compose the draft of a period, or compose it again."""
    form = ComposeForm()
    with look() as here:
        form.period.choices = _choices(here)
        if not form.validate():
            return _list(form), 422
        try:
            period = Period.parse(form.period.data)
            ground = prepared(here.session, period, here.rules, here.office, here.site)
        except RuleBroken as error:
            return _list(form, error), 422
    why = Why(zh=form.why_zh.data or "", en=form.why_en.data or "")
    draft = drafted(replace(ground, why=why))  # takes seconds: nothing is locked meanwhile
    with act() as here:
        number = keep_draft(here.session, here.actor, draft, here.at).number
    return redirect(url_for(".edition", number=number), 303)


@allowed(Permission.COMPOSE_EDITION)
def show(number: int) -> str:
    """Show one edition: its figures, what stands in the way of sealing, and the next act."""
    with look() as here:
        return _page(here, number)


@allowed(Permission.SEAL_EDITION)
def approve_draft(number: int) -> Response:
    """Approve the draft that the page showed."""
    with act() as here:
        approve(here.session, here.actor, number, shown_draft(), here.at)
    return redirect(url_for(".edition", number=number), 303)


@allowed(Permission.SEAL_EDITION)
def seal(number: int) -> tuple[str, int] | Response:
    """Seal the draft as the second person."""
    try:
        with act() as here:
            seal_as_second(_ground(here), here.actor, number, shown_draft())
    except RuleBroken:
        with look() as here:
            return _page(here, number), 422
    with look() as here:
        mend_copies(here.session, wiring().settings.data_dir)
    return redirect(url_for(".edition", number=number), 303)


@allowed(Permission.COMPOSE_EDITION)
def drop(number: int) -> Response:
    """Throw an open draft away."""
    with act() as here:
        drop_draft(here.session, here.actor, number, shown_draft(), here.at)
    return redirect(url_for(".editions"), 303)


def list_again(form: CalendarForm) -> str:
    """Return the list with what is wrong in the form of the calendar."""
    return _list(ComposeForm(formdata=None), late=form)


def sealed_again(number: int, form: WithdrawForm) -> str:
    """Return the page of a sealed edition with what is wrong in the form that takes it back."""
    with look() as here:
        return _sealed_page(here, number, form)


def _list(
    form: ComposeForm, error: RuleBroken | None = None, late: CalendarForm | None = None
) -> str:
    with look() as here:
        if error is not None:
            form.form_errors.append(say(error.key, language(), **error.facts))
        form.period.choices = _choices(here)
        return render_template(
            "regulator/editions.html",
            form=late if late and late.errors else form,
            composing=form,
            late=late or CalendarForm(formdata=None),
            drafts=open_drafts(here.session),
            editions=sealed_editions(here.session),
            dues=dues(here.session, here.office, here.site, here.day),
            next_on=here.office.calendar.next_edition_on(here.day),
        )


def _choices(here: Act) -> list[SelectChoice]:
    return [SelectChoice(one, in_words(one)) for one in periods_with_counts(here.session)]


def shown_draft() -> str:
    """Return the hash of the draft that the person saw."""
    form = DraftForm()
    if not form.validate():
        raise RuleBroken("edition.unseen")
    return str(form.shown.data)


def _ground(here: Act) -> Ground:
    return Ground(
        session=here.session,
        rules=here.rules,
        office=here.office,
        site=here.site,
        at=here.at,
        day=here.day,
        data_dir=wiring().settings.data_dir,
    )


def _page(here: Act, number: int) -> str:
    edition = edition_numbered(here.session, number)
    return _draft_page(here, edition) if edition.state == "draft" else _sealed_page(here, number)


def _draft_page(here: Act, edition: Edition) -> str:
    draft = Draft(edition.draft_members)
    approvals = approvals_of(here.session, edition)
    mine = any(one.person_id == here.actor.person_id for one in approvals)
    others = [one for one in approvals if one.holds and one.person_id != here.actor.person_id]
    blocks = blocks_of(here.session, edition, here.rules, here.office, here.site, here.day)
    asked = asked_of(here.session, edition)
    has_figures = edition.kind == FIGURES
    return render_template(
        "regulator/edition_draft.html",
        edition=edition,
        head=draft.head,
        previews=previews(draft.members) if has_figures else [],
        letters=letters_in(draft.members),
        chosen=request.args.get("trade", ""),
        limits=limits_of(here.rules),
        approvals=approvals,
        blocks=[*blocks, *approval_blocks(approvals)],
        may_seal=bool(others) and not blocks,
        mine=mine,
        asked=asked,
        check=told_checks(here.session, edition, asked),
        to_ask=_wanted(blocks),
        check_days=here.rules.factual_check.working_days,
        objections=objections_of(here.session, edition.period) if has_figures else [],
    )


def _wanted(blocks: list[Block]) -> int:
    """Return how many institutions were not asked about their present figures."""
    keys = {"edition.check_not_opened", "edition.check_again"}
    return next((int(one.facts["count"]) for one in blocks if one.key in keys), 0)


def _sealed_page(here: Act, number: int, form: WithdrawForm | None = None) -> str:
    edition = sealed_edition(here.session, number)
    contents = contents_of(bundle_of(here.session, number))
    has_figures = edition.kind == FIGURES
    return render_template(
        "regulator/edition_sealed.html",
        edition=edition,
        manifest=contents.manifest,
        previews=previews(contents.members) if has_figures else [],
        letters=letters_in(contents.members),
        chosen=request.args.get("trade", ""),
        limits=limits_of(here.rules),
        form=form or WithdrawForm(formdata=None),
    )
