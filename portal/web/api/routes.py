"""The addresses of the public interface."""

from __future__ import annotations

from flask import Blueprint

from portal.web.api import changes, editions, institutions, issues, openapi, rankings

pages = Blueprint("api", __name__, url_prefix="/api/v1")


for address, endpoint, view in (
    ("/editions", "editions", editions.edition_list),
    ("/editions.csv", "editions_csv", editions.edition_list),
    ("/editions/<int:number>", "edition", editions.edition),
    ("/editions/<int:number>/bundle.zip", "bundle", editions.bundle),
    ("/changes", "changes", changes.change_list),
    ("/changes.csv", "changes_csv", changes.change_list),
    ("/openapi.json", "openapi", openapi.openapi),
    ("/trades", "trades", rankings.trades),
    ("/trades.csv", "trades_csv", rankings.trades),
    ("/rankings", "rankings", rankings.ranking_list),
    ("/rankings.csv", "rankings_csv", rankings.ranking_list),
    ("/institutions", "institutions", institutions.institution_list),
    ("/institutions.csv", "institutions_csv", institutions.institution_list),
    ("/institutions/<code>", "institution", institutions.institution),
    ("/issues", "issues", issues.issue_list),
    ("/issues.csv", "issues_csv", issues.issue_list),
    ("/penalties", "penalties", issues.penalty_list),
    ("/penalties.csv", "penalties_csv", issues.penalty_list),
    ("/issues/<no>", "issue", issues.issue),
):
    pages.add_url_rule(address, endpoint, view, methods=["GET"])
