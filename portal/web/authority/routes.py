"""The addresses of this desk."""

from __future__ import annotations

from flask import Blueprint

from portal.web.authority import downloads, effect, exam_files, learning, receipts, slips, words

pages = Blueprint("authority", __name__)


for address, name, view, methods in (
    ("/authority", "desk", exam_files.desk, ["GET", "POST"]),
    ("/authority/blank/<kind>.xlsx", "blank", downloads.blank, ["GET"]),
    ("/authority/blank/<kind>.csv", "blank_moved", downloads.blank_moved, ["GET"]),
    ("/authority/uploads/<int:number>", "upload", exam_files.upload, ["GET"]),
    ("/authority/uploads/<int:number>/refusals.csv", "refusals", downloads.refusals, ["GET"]),
    ("/authority/uploads/<int:number>/checked.xlsx", "workbook", downloads.workbook, ["GET"]),
    ("/authority/uploads/<int:number>/names", "name", learning.name, ["POST"]),
    ("/authority/uploads/<int:number>/effect", "effect", effect.effect, ["GET"]),
    ("/authority/words", "words", words.words, ["GET"]),
    ("/authority/words/forget", "words_drop", words.drop, ["POST"]),
    ("/authority/columns", "columns", learning.columns, ["POST"]),
    ("/authority/uploads/<int:number>/take-in", "take", exam_files.take, ["POST"]),
    ("/authority/uploads/<int:number>/give-up", "leave", exam_files.leave, ["POST"]),
    ("/authority/receipts/<number>", "receipt", receipts.receipt, ["GET"]),
    ("/authority/receipts/<number>/undo", "take_back", receipts.take_back, ["POST"]),
    ("/authority/slips", "slips", slips.index, ["GET"]),
    ("/authority/slips/print", "slips_print", slips.print_page, ["POST"]),
    ("/authority/slips/<int:number>", "slip_group", slips.group, ["GET"]),
    ("/authority/slips/<int:number>/void", "slips_void", slips.void, ["POST"]),
    ("/authority/slips/<int:number>/replace", "slips_replace", slips.replace, ["POST"]),
):
    pages.add_url_rule(address, name, view, methods=methods)
