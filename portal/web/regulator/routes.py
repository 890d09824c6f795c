"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("regulator", __name__)
