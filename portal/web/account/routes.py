"""The addresses of signing in."""

from __future__ import annotations

from flask import Blueprint

from portal.web.account import own, session, signup

pages = Blueprint("account", __name__)

for address, name, view, methods in (
    ("/login", "sign_in", session.sign_in, ["GET", "POST"]),
    ("/logout", "sign_out", session.sign_out, ["POST"]),
    ("/signup", "sign_up", signup.sign_up, ["GET", "POST"]),
    ("/account", "account", own.account, ["GET", "POST"]),
):
    pages.add_url_rule(address, name, view, methods=methods)
