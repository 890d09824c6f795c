"""The public addresses."""

from __future__ import annotations

from flask import Blueprint

from portal.web.public import charts, home, methods, notices, plain, site_map, trade, trades
from portal.web.public.editions import badge, changes, editions
from portal.web.public.institutions import directory, institution, late_reports, versions
from portal.web.public.rank import compare, ranking, rankings
from portal.web.public.supervision import bulletins, inspections, issues, letters, traces
from portal.web.public.survey import survey, survey_slip

pages = Blueprint("public", __name__)


for address, endpoint, view in (
    ("/", "home", home.home),
    ("/rank", "rankings", rankings.rankings),
    ("/rank/<trade>", "ranking", ranking.ranking),
    ("/rank/<trade>/chart", "ranking_chart", charts.ranking_chart),
    ("/rank/<trade>/<period>", "ranking_period", ranking.ranking_period),
    ("/trades", "trades", trades.trades),
    ("/trade/<slug>", "trade", trade.trade),
    ("/institutions", "institutions", directory.institutions),
    ("/check", "check", directory.check),
    ("/late-reports", "late_reports", late_reports.late_reports),
    ("/i/<code>", "institution", institution.institution),
    ("/i/<code>/badge.svg", "badge", badge.badge),
    ("/i/<code>/chart", "institution_chart", charts.institution_chart),
    ("/i/<code>/versions", "versions", versions.versions),
    ("/i/<code>/versions/<int:number>", "version", versions.version),
    ("/i/<code>/diff/<int:old>..<int:new>", "difference", versions.difference),
    ("/compare", "compare", compare.compare),
    ("/issues", "issues", issues.issues),
    ("/issues/<no>", "issue", issues.issue),
    ("/issues/<no>/history", "issue_history", issues.issue_history),
    ("/issues/bulletins", "bulletins", bulletins.index),
    ("/issues/bulletins/<int:number>", "bulletin", bulletins.one),
    ("/issues/feed", "issues_feed", bulletins.feed),
    ("/inspections", "inspections", inspections.inspections),
    ("/traces", "traces", traces.traces),
    ("/penalties", "penalties", issues.penalties),
    ("/methods", "methods", methods.methods),
    ("/data", "data", editions.data),
    ("/editions", "editions", editions.index),
    ("/editions/<int:number>", "edition", editions.show),
    ("/editions/keys.pem", "keys", editions.keys),
    ("/editions/verify_bundle.py", "verifier", editions.verifier),
    ("/data/open-data.ipynb", "notebook", editions.notebook),
    ("/changes", "changes", changes.changes),
    ("/changes.atom", "changes_feed", changes.feed),
    ("/notices", "notices", notices.index),
    ("/notices/<int:notice_id>", "notice", notices.one),
    ("/help", "help", plain.help_page),
    ("/accessibility", "accessibility", plain.accessibility),
    ("/privacy", "privacy", plain.privacy),
    ("/about", "about", plain.about),
    ("/plotly.min.js", "plotly", charts.plotly),
    ("/robots.txt", "robots", plain.robots),
    ("/sitemap", "site_map", site_map.site_map),
    ("/sitemap.xml", "sitemap", plain.sitemap),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])

for address, endpoint, form in (
    ("/survey", "survey", survey.start),
    ("/survey/receipt", "survey_receipt", survey.receipt),
    ("/survey/<code>", "survey_slip", survey_slip.slip),
):
    pages.add_url_rule(address, endpoint, form, methods=["GET", "POST"])
for address, endpoint, form_view in (
    ("/report-problem", "report_problem", letters.report_problem),
    ("/ask-help", "ask_help", letters.ask_help),
    ("/track", "track", letters.track),
):
    pages.add_url_rule(address, endpoint, form_view, methods=["GET", "POST"])
