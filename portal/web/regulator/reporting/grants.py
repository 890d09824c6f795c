"""More time for a report, or none at all: granted with a reason, ended again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from sqlalchemy import select

from portal.casework.special_reports.reporting import Grant, end_exemption, exempt, extend_period
from portal.domain.errors import NotFound
from portal.domain.people import Permission
from portal.store.institutions import Institution
from portal.store.reports import reporting_period
from portal.web.boundary import act, look
from portal.web.guard import allowed
from portal.web.held import holds
from portal.web.language import gettext
from portal.web.regulator.reporting.report_forms import ExemptionForm, ExtensionForm
from portal.web.shape import named

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@holds
@allowed(Permission.REVIEW_REPORT)
def extend(period: str) -> ResponseReturnValue:
    """Show the form for more time, or grant it."""
    form = ExtensionForm()
    form.code.choices = [("", gettext("所有机构")), *_institutions()]
    if form.is_submitted():
        done = form.attempt(
            lambda a: extend_period(
                a.session,
                a.actor,
                Grant(
                    period=period,
                    code=form.code.data or "",
                    reason=form.reason.data or "",
                    due_on=form.due_on.data,
                ),
                at=a.at,
            )
        )
        if done is not None:
            return _back(period)
    return _page(period, form, "extend")


@holds
@allowed(Permission.REVIEW_REPORT)
def release(period: str) -> ResponseReturnValue:
    """Show the form for an exemption, or grant it."""
    form = ExemptionForm()
    form.code.choices = [("", gettext("请选择")), *_institutions()]
    if form.is_submitted():
        done = form.attempt(
            lambda a: exempt(
                a.session,
                a.actor,
                Grant(period=period, code=form.code.data or "", reason=form.reason.data or ""),
                at=a.at,
            )
        )
        if done is not None:
            return _back(period)
    return _page(period, form, "release")


@allowed(Permission.REVIEW_REPORT)
def end(period: str, code: str) -> ResponseReturnValue:
    """End an exemption."""
    with act() as a:
        end_exemption(a.session, a.actor, period, code, at=a.at)
    return _back(period)


def _back(period: str) -> ResponseReturnValue:
    return redirect(url_for("regulator.reporting_period", period=period), 303)


def _institutions() -> list[tuple[str, str]]:
    with look() as a:
        wanted = select(Institution).where(Institution.closed_on.is_(None))
        if a.actor.area_code is not None:
            wanted = wanted.where(Institution.area_code == a.actor.area_code)
        rows = a.session.scalars(wanted.order_by(Institution.code))
        return [(row.code, f"{row.code} {named(row)}") for row in rows]


def _page(period: str, form: ExtensionForm | ExemptionForm, what: str) -> ResponseReturnValue:
    with look() as a:
        opened = reporting_period(a.session, period)
        if opened is None:
            raise NotFound("report.no_such_period")
        page = render_template("regulator/period_grant.html", form=form, period=opened, what=what)
    return page, form.status if form.is_submitted() else 200
