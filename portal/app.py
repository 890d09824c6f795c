"""The factory: everything is wired here, and only here."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.settings import ROOT, Settings, SettingsError, settings_from
from portal.store.session import make_engine, reading
from portal.store.site import site_of
from portal.web import addresses, errors, forms, guard, health, held, limits, shape, surface
from portal.web.account import routes as account
from portal.web.api import routes as api
from portal.web.authority import routes as authority
from portal.web.boundary import EXTENSION, Wiring
from portal.web.institution import routes as institution
from portal.web.language import Languages
from portal.web.public import routes as public
from portal.web.regulator import routes as regulator

_LARGEST_FORM = 32 * 2**20
# A cookie older than this is not read at all; when a session ends is a rule of the house.
_OLDEST_COOKIE = timedelta(days=7)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the site.

    Raises:
        SettingsError: no secret key was given, and this is no demonstration.

    """
    settings = settings or settings_from()
    engine = make_engine(settings.database_url)
    reads = make_engine(settings.read_database_url) if settings.read_database_url else engine
    app = Flask(
        "portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.config.update(
        SECRET_KEY=settings.secret_key or _demonstration_key(engine),
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=_OLDEST_COOKIE,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions[EXTENSION] = Wiring(settings, engine, reads)
    _install(app)
    told = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
    app.wsgi_app = Languages(told, settings.url_prefix)  # type: ignore[method-assign,assignment]
    return app


def _install(app: Flask) -> None:
    guard.logins.init_app(app)
    for part in (addresses, errors, shape, surface, limits, forms, held):
        part.install(app)
    for desk in (public, account, institution, regulator, authority, api, health):
        app.register_blueprint(desk.pages)


def _demonstration_key(engine: Engine) -> str:
    """Return a passing key for a demonstration; every other site must bring its own."""
    try:
        with reading(engine) as session:
            site = site_of(session)
    except DatabaseError:
        site = None
    if site is None or site.world == "real":
        msg = "PORTAL_SECRET_KEY is required outside the demonstration"
        raise SettingsError(msg)
    return secrets.token_hex()
