"""Notices at the desk: written, seen as they will look, published, withdrawn."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import RadioField, SelectChoice, StringField, TextAreaField

from portal.casework.notices import (
    Text,
    drop_notice,
    publish_notice,
    rewrite_notice,
    withdraw_notice,
    write_notice,
)
from portal.domain.errors import NotFound, RuleBroken
from portal.domain.people import Permission
from portal.store.notices import KINDS, Notice
from portal.web.boundary import Act, look
from portal.web.forms import DayField, Form, at_most
from portal.web.guard import allowed
from portal.web.language import lazy
from portal.web.shape import label

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_TITLE, _NUMBER, _BODY, _REASON = 200, 100, 50_000, 500


class NoticeForm(Form):
    """What a notice says, in Chinese, and in English if it is to be read there too."""

    kind = RadioField(lazy("放在哪里"), validate_choice=False, default=KINDS[0])
    title = StringField(lazy("标题"), [at_most(_TITLE, "register.long")])
    document_no = StringField(lazy("文号"), [at_most(_NUMBER, "register.long")])
    body = TextAreaField(lazy("正文"), [at_most(_BODY, "register.long")])
    title_en = StringField(lazy("英文标题"), [at_most(_TITLE, "register.long")])
    body_en = TextAreaField(lazy("英文正文"), [at_most(_BODY, "register.long")])

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  # as WTForms takes them
        """Offer the kinds in the reader's language."""
        super().__init__(*given, **named)
        self.kind.choices = [SelectChoice(kind, label(f"notice_kind.{kind}")) for kind in KINDS]

    def text(self) -> Text:
        """Return what was typed."""
        return Text(
            kind=self.kind.data or KINDS[0],
            title=" ".join((self.title.data or "").split()),
            title_en=" ".join((self.title_en.data or "").split()) or None,
            document_no=(self.document_no.data or "").strip() or None,
            body=(self.body.data or "").strip(),
            body_en=(self.body_en.data or "").strip() or None,
        )


class PublishForm(Form):
    """The day of publication."""

    on = DayField(lazy("公布日期"))


class WithdrawForm(Form):
    """Why a notice is withdrawn."""

    reason = TextAreaField(lazy("撤下理由"), [at_most(_REASON, "people.reason_long")])


@allowed(Permission.WRITE_NOTICE)
def index() -> str:
    """Show all notices: drafts first, then the newest."""
    with look() as a:
        newest = select(Notice).order_by(
            Notice.published_on.is_not(None), Notice.published_on.desc(), Notice.id.desc()
        )
        return render_template("regulator/notices.html", notices=list(a.session.scalars(newest)))


@allowed(Permission.WRITE_NOTICE)
def new() -> ResponseReturnValue:
    """Show the form for a notice, or write the draft."""
    form = NoticeForm()
    if request.method == "GET":
        return render_template("regulator/notice_form.html", form=form, notice=None)
    text = form.text()
    written = form.attempt(lambda a: write_notice(a.session, a.actor, text, at=a.at))
    if written is None:
        return render_template("regulator/notice_form.html", form=form, notice=None), form.status
    return _to(written.id)


@allowed(Permission.WRITE_NOTICE)
def change(notice_id: int) -> ResponseReturnValue:
    """Show the form of a draft, or change it."""
    notice = _notice(notice_id)
    form = NoticeForm(obj=notice)
    if request.method == "GET":
        return render_template("regulator/notice_form.html", form=form, notice=notice)
    text = form.text()
    done = form.attempt(lambda a: rewrite_notice(a.session, a.actor, notice_id, text, at=a.at))
    if done is None:
        page = render_template("regulator/notice_form.html", form=form, notice=notice)
        return page, form.status
    return _to(notice_id)


@allowed(Permission.WRITE_NOTICE)
def one(notice_id: int) -> ResponseReturnValue:
    """Show a notice as it looks or will look, and what can be done."""
    return _page(notice_id, None)


@allowed(Permission.WRITE_NOTICE)
def publish(notice_id: int) -> ResponseReturnValue:
    """Publish a draft on a day."""
    form = PublishForm()
    done = form.attempt(lambda a: _publish(a, notice_id, form))
    return _to(notice_id) if done else _page(notice_id, form)


def _publish(a: Act, notice_id: int, form: PublishForm) -> Notice:
    if form.on.data is None:
        raise RuleBroken("notices.refused", {"on": "notices.day_missing"})
    return publish_notice(a.session, a.actor, notice_id, form.on.data, today=a.day, at=a.at)


@allowed(Permission.WRITE_NOTICE)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take a notice down."""
    form = WithdrawForm()
    reason = form.reason.data or ""
    done = form.attempt(
        lambda a: withdraw_notice(a.session, a.actor, notice_id, reason, today=a.day, at=a.at)
    )
    return _to(notice_id) if done else _page(notice_id, form)


@allowed(Permission.WRITE_NOTICE)
def drop(notice_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    form = Form()

    def act_of(a: Act) -> bool:
        drop_notice(a.session, a.actor, notice_id, at=a.at)
        return True

    if form.attempt(act_of):
        return redirect(url_for("regulator.notices"), HTTPStatus.SEE_OTHER)
    return _page(notice_id, form)


def _page(notice_id: int, faulty: Form | None) -> ResponseReturnValue:
    notice = _notice(notice_id)
    publish_form = faulty if isinstance(faulty, PublishForm) else PublishForm(formdata=None)
    withdraw_form = faulty if isinstance(faulty, WithdrawForm) else WithdrawForm(formdata=None)
    with look() as a:
        publish_form.on.data = publish_form.on.data or a.day
    page = render_template(
        "regulator/notice.html",
        notice=notice,
        publish_form=publish_form,
        withdraw_form=withdraw_form,
        form=faulty,
    )
    return page, faulty.status if faulty else HTTPStatus.OK


def _notice(notice_id: int) -> Notice:
    with look() as a:
        notice = a.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound("notices.unknown")
    return notice


def _to(notice_id: int) -> ResponseReturnValue:
    return redirect(url_for("regulator.notice", notice_id=notice_id), HTTPStatus.SEE_OTHER)
