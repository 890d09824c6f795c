"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("api", __name__)
