"""Objections at the desk: what is said, what shows it, and what is done with the figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import redirect, render_template, send_file, url_for
from sqlalchemy import select

from portal.casework.editions.objections import (
    Known,
    answer,
    evidence_of,
    objection_numbered,
    treat,
)
from portal.casework.supervision.cases import Stand
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.store.factual_checks import ObjectionEvidence
from portal.web.boundary import Act, look
from portal.web.guard import allowed
from portal.web.regulator.publishing.edition_forms import AnswerForm, TreatForm

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


@allowed(Permission.COMPOSE_EDITION)
def show(number: str) -> str:
    """Show one objection with its evidence, and the two acts on it."""
    with look() as here:
        known = objection_numbered(here.session, number)
        revision = known.objection.revision
        return _page(here, known, TreatForm(revision=revision), AnswerForm(revision=revision))


@allowed(Permission.COMPOSE_EDITION)
def treat_figure(number: str) -> tuple[str, int] | AnyResponse:
    """Choose what the edition does with the figure meanwhile."""
    form = TreatForm()
    form.offer()
    form.attempt(
        lambda here: treat(
            stand_of(here), number, form.revision.data or 0, form.treatment.data, form.reason.data
        )
    )
    if form.errors:
        return _again(number, form, AnswerForm())
    return redirect(url_for(".objection", number=number), 303)


@allowed(Permission.COMPOSE_EDITION)
def answer_it(number: str) -> tuple[str, int] | AnyResponse:
    """Accept or reject, with reasons."""
    form = AnswerForm()
    form.offer()
    form.attempt(
        lambda here: answer(
            stand_of(here),
            number,
            form.revision.data or 0,
            accepted=form.accepted.data == "accepted",
            words=form.words.data,
        )
    )
    if form.errors:
        return _again(number, TreatForm(), form)
    return redirect(url_for(".objection", number=number), 303)


@allowed(Permission.COMPOSE_EDITION)
def evidence(number: str, file_id: int) -> Response:
    """Send one file of an objection, never to be opened in the page."""
    with look() as here:
        objection = objection_numbered(here.session, number).objection
        found = here.session.scalar(
            select(ObjectionEvidence).where(
                ObjectionEvidence.id == file_id, ObjectionEvidence.objection_id == objection.id
            )
        )
        if found is None:
            raise NotFound("objection.unknown", number=number)
        name = f"{objection.number}-{found.id}.{found.kind}"
        content, kind = io.BytesIO(found.content), _TYPES[found.kind]
    return send_file(content, mimetype=kind, as_attachment=True, download_name=name)


def stand_of(here: Act) -> Stand:
    """Return what an act of this request stands on."""
    return Stand(session=here.session, actor=here.actor, at=here.at, day=here.day, rules=here.rules)


def _again(number: str, treating: TreatForm, answering: AnswerForm) -> tuple[str, int]:
    status = answering.status if answering.errors else treating.status
    with look() as here:
        known = objection_numbered(here.session, number)
        for form in (treating, answering):
            form.revision.data = known.objection.revision
        return _page(here, known, treating, answering), status


def _page(here: Act, known: Known, treating: TreatForm, answering: AnswerForm) -> str:
    for form in (treating, answering):
        form.offer()
    return render_template(
        "regulator/objection.html",
        known=known,
        files=evidence_of(here.session, known.objection),
        form=answering if answering.errors else treating,
        treating=treating,
        answering=answering,
    )
