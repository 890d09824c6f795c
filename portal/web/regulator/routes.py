"""The addresses of the regulators' desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.regulator import (
    audit,
    cases,
    desk,
    editions,
    files,
    grants,
    imports,
    institutions,
    notices,
    people,
    periods,
    report_queue,
    reports,
    signals,
    states,
    surveys,
)

pages = Blueprint("regulator", __name__)


for address, endpoint, view, methods in (
    ("/desk/reports", "reports", report_queue.show, ["GET"]),
    ("/desk/reports/periods", "periods", periods.show, ["GET"]),
    ("/desk/reports/periods/new", "new_period", periods.new, ["GET"]),
    ("/desk/reports/periods/new", "open_period", periods.create, ["POST"]),
    ("/desk/reports/periods/<period>", "reporting_period", periods.one, ["GET"]),
    ("/desk/reports/periods/<period>/extend", "extend_period", grants.extend, ["GET", "POST"]),
    ("/desk/reports/periods/<period>/exempt", "exempt_report", grants.release, ["GET", "POST"]),
    ("/desk/reports/periods/<period>/exempt/<code>/end", "end_exemption", grants.end, ["POST"]),
    ("/desk/reports/<receipt_no>", "report", reports.one, ["GET"]),
    ("/desk/files/<int:number>", "report_file", files.show, ["GET"]),
    ("/desk/reports/<receipt_no>", "decide_report", reports.decide, ["POST"]),
    ("/desk/signals", "signals", signals.show, ["GET"]),
    ("/desk/editions", "editions", editions.index, ["GET"]),
    ("/desk/editions", "compose", editions.compose, ["POST"]),
    ("/desk/editions/<int:number>", "edition", editions.show, ["GET"]),
    ("/desk/editions/<int:number>/approve", "approve", editions.approve_draft, ["POST"]),
    ("/desk/editions/<int:number>/seal", "seal", editions.seal, ["POST"]),
    ("/desk/editions/<int:number>/drop", "drop", editions.drop, ["POST"]),
    ("/desk/cases", "cases", cases.index, ["GET"]),
    ("/desk/cases/new", "case_new", cases.new, ["GET", "POST"]),
    ("/desk/cases/<number>", "case", cases.case, ["GET"]),
    ("/desk/cases/<number>/<name>", "case_act", cases.do, ["POST"]),
    ("/desk", "desk", desk.show, ["GET"]),
    ("/desk/audit", "audit", audit.show, ["GET"]),
    ("/desk/institutions", "institutions", institutions.index, ["GET"]),
    ("/desk/institutions/new", "institution_new", institutions.new, ["GET", "POST"]),
    ("/desk/institutions/<code>", "institution", institutions.one, ["GET"]),
    ("/desk/institutions/<code>/edit", "institution_edit", institutions.change, ["GET", "POST"]),
    ("/desk/institutions/<code>/state", "state_begin", states.begin, ["GET", "POST"]),
    ("/desk/institutions/<code>/state/<int:state_id>", "state_end", states.end, ["GET", "POST"]),
    ("/desk/notices", "notices", notices.index, ["GET"]),
    ("/desk/notices/new", "notice_new", notices.new, ["GET", "POST"]),
    ("/desk/notices/<int:notice_id>", "notice", notices.one, ["GET"]),
    ("/desk/notices/<int:notice_id>/edit", "notice_edit", notices.change, ["GET", "POST"]),
    ("/desk/notices/<int:notice_id>/publish", "notice_publish", notices.publish, ["POST"]),
    ("/desk/notices/<int:notice_id>/withdraw", "notice_withdraw", notices.withdraw, ["POST"]),
    ("/desk/notices/<int:notice_id>/drop", "notice_drop", notices.drop, ["POST"]),
    ("/desk/people", "people", people.index, ["GET"]),
    ("/desk/people/new", "person_new", people.new, ["GET", "POST"]),
    ("/desk/people/<int:person_id>", "person", people.one, ["GET"]),
    ("/desk/people/<int:person_id>/slip", "person_slip", people.slip, ["POST"]),
    ("/desk/people/<int:person_id>/end", "person_end", people.end, ["POST"]),
    ("/desk/people/<int:person_id>/replace", "person_replace", people.replace, ["POST"]),
    ("/desk/people/<int:person_id>/role", "person_role", people.role, ["POST"]),
    ("/desk/surveys", "surveys", surveys.index, ["GET"]),
    ("/desk/surveys/<int:number>", "survey", surveys.group, ["GET", "POST"]),
    ("/desk/imports", "imports", imports.imports, ["GET"]),
    ("/desk/imports/<number>", "received", imports.received, ["GET"]),
):
    pages.add_url_rule(address, endpoint, view, methods=methods)
