"""The addresses of an institution's desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.answers import trade_words
from portal.web.institution import (
    assistance,
    cases,
    deadlines,
    desk,
    figures,
    files,
    profile,
    report_section,
    reports,
    users,
)

pages = Blueprint("institution", __name__)
pages.add_app_template_filter(trade_words, "trade")
pages.context_processor(lambda: {"reminder": deadlines.reminder})

for address, endpoint, view, methods in (
    ("/my", "desk", desk.show, ["GET"]),
    ("/my/deadlines", "deadlines", deadlines.show, ["GET"]),
    ("/my/deadlines.ics", "deadlines_file", deadlines.file, ["GET"]),
    ("/my/reports", "reports", reports.show, ["GET"]),
    ("/my/reports/<period>", "report", reports.report, ["GET"]),
    ("/my/reports/<period>/start", "start_report", reports.start, ["POST"]),
    ("/my/reports/<period>/check", "check_report", reports.check, ["GET"]),
    ("/my/reports/<period>/check", "submit_report", reports.submit, ["POST"]),
    ("/my/reports/<period>/sent", "sent_report", reports.sent, ["GET"]),
    ("/my/reports/<period>/v<int:number>", "report_version", reports.version, ["GET"]),
    ("/my/reports/<period>/<section>/<table>.xlsx", "sheet_template", files.blank, ["GET"]),
    ("/my/reports/<period>/<section>/<table>/faults.xlsx", "sheet_faults", files.faults, ["GET"]),
    ("/my/files/<int:number>", "file", files.show, ["GET"]),
    ("/my/reports/<period>/<section>", "section", report_section.show, ["GET"]),
    ("/my/reports/<period>/<section>", "save_section", report_section.save, ["POST"]),
    ("/my/profile", "profile", profile.show, ["GET"]),
    ("/my/profile/phone", "profile_phone", profile.phone, ["GET", "POST"]),
    ("/my/profile/fee/<trade>", "profile_fee", profile.fee, ["GET", "POST"]),
    ("/my/profile/class", "profile_class", profile.new_class, ["GET", "POST"]),
    ("/my/profile/class/<int:number>", "profile_places", profile.one_class, ["GET", "POST"]),
    ("/my/cases", "cases", cases.index, ["GET"]),
    ("/my/figures", "figures", figures.index, ["GET"]),
    ("/my/figures/<int:number>/agree", "agree_figures", figures.agree, ["POST"]),
    ("/my/figures/<int:number>/objection", "objection", figures.objection, ["GET", "POST"]),
    ("/my/cases/papers/<int:number>", "paper", cases.paper, ["GET"]),
    ("/my/cases/consent", "consent", cases.consent, ["POST"]),
    ("/my/cases/<number>", "case", cases.case, ["GET"]),
    ("/my/cases/<number>/<name>", "case_act", cases.do, ["POST"]),
    ("/my/help", "help", assistance.show, ["GET", "POST"]),
    ("/my/users", "users", users.index, ["GET"]),
    ("/my/users/new", "user_new", users.new, ["GET", "POST"]),
    ("/my/users/<int:person_id>", "user", users.one, ["GET"]),
    ("/my/users/<int:person_id>/slip", "user_slip", users.slip, ["POST"]),
    ("/my/users/<int:person_id>/end", "user_end", users.end, ["POST"]),
    ("/my/users/<int:person_id>/holder", "user_holder", users.holder, ["POST"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
