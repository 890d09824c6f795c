"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.authority import exam_files

pages = Blueprint("authority", __name__)


for address, name, view, methods in (
    ("/authority", "desk", exam_files.desk, ["GET", "POST"]),
    ("/authority/blank/<kind>.csv", "blank", exam_files.blank, ["GET"]),
    ("/authority/uploads/<int:number>", "upload", exam_files.upload, ["GET"]),
    ("/authority/uploads/<int:number>/refusals.csv", "refusals", exam_files.refusals, ["GET"]),
    ("/authority/uploads/<int:number>/take-in", "take", exam_files.take, ["POST"]),
    ("/authority/uploads/<int:number>/give-up", "leave", exam_files.leave, ["POST"]),
    ("/authority/receipts/<number>", "receipt", exam_files.receipt, ["GET"]),
):
    pages.add_url_rule(address, name, view, methods=methods)
