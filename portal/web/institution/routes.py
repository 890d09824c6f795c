"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("institution", __name__)
