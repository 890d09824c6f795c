"""Short pages in words alone, and the two files that machines ask for."""

from __future__ import annotations

from flask import Response, current_app, render_template, request, url_for

from portal.publication.institutions.directory import institutions_on
from portal.publication.listing.problem_list import entries_on
from portal.publication.standings import rankings
from portal.web.addresses import own_host
from portal.web.boundary import look

_PAGES = (
    "home",
    "rankings",
    "trades",
    "institutions",
    "check",
    "issues",
    "methods",
    "notices",
    "data",
    "editions",
    "changes",
    "help",
    "accessibility",
    "privacy",
    "about",
)
_CLOSED = ("/my", "/desk", "/authority", "/account", "/login", "/compare")


def help_page() -> str:
    """Show answers to what readers ask."""
    return render_template("public/help.html")


def accessibility() -> str:
    """Show what was done for access, and what is known to be missing."""
    return render_template("public/accessibility.html")


def privacy() -> str:
    """Show what is kept of whom."""
    with look() as here:
        limit = here.rules.ranking.min_published
        return render_template("public/privacy.html", min_published=limit)


def about() -> str:
    """Show who runs the site, and on what ground."""
    return render_template("public/about.html")


def robots() -> Response:
    """Tell crawlers what is public."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    lines += [f"Disallow: /en{path}" for path in _CLOSED]
    address = own_host() + url_for("public.sitemap")
    return Response("\n".join([*lines, f"Sitemap: {address}", ""]), mimetype="text/plain")


def sitemap() -> Response:
    """List every public page, each with its other language."""
    known = current_app.view_functions
    with look() as here:
        edition = rankings.latest(here.session)
        ranked = rankings.rankings(here.session, edition) if edition else []
        paths = [url_for(f"public.{name}") for name in _PAGES if f"public.{name}" in known]
        paths += [url_for("public.ranking", trade=one.trade) for one in ranked]
        paths += [url_for("public.trade", slug=slug) for slug in here.office.trades]
        paths += [
            url_for("public.institution", code=one.code)
            for one in institutions_on(here.session, here.day)
        ]
        if "public.issue" in known:
            entries = entries_on(here.session, here.day)
            paths += [url_for("public.issue", no=entry.no) for entry in entries]
    body = render_template("public/sitemap.xml", host=own_host(), paths=_both(paths))
    return Response(body, mimetype="application/xml")


def _both(paths: list[str]) -> list[tuple[str, str]]:
    """Return each address in Chinese and in English."""
    root = request.script_root.removesuffix("/en")
    tails = [path.removeprefix(request.script_root) for path in paths]
    return [(f"{root}{tail}", f"{root}/en{tail}") for tail in tails]
