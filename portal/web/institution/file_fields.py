"""What a step of the report asks for besides answers: sheets of rows, and evidence to answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import SelectChoice, SelectField

from portal.casework.special_reports.evidence import NewFile, places_for
from portal.casework.special_reports.filing import Filing
from portal.casework.special_reports.sheets import Place, SentSheet
from portal.domain.errors import RuleBroken
from portal.domain.evidence import examined, is_blurred
from portal.domain.reports import Row
from portal.intake.files.source import Source
from portal.intake.report_sheets import rows_in
from portal.rules.clocks import Attachments
from portal.rules.form import FormSection, Item
from portal.rules.words import say
from portal.store.attachments import Attachment
from portal.web.language import ENGLISH, gettext, language, lazy

_BETWEEN = "|"
"""Between the path and the name of a row, in the value of a choice."""
EVIDENCE, PROVES = "evidence", "proves"


@dataclass(slots=True)
class SentFiles:
    """The files that came with a step, examined: what they are, or what is wrong with them."""

    sheets: dict[str, SentSheet] = field(default_factory=dict)
    """By the key of their table."""
    evidence: NewFile | None = None
    faults: dict[str, str] = field(default_factory=dict)
    """Field → sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file as a page shows it: what it proves, and whether its print can be read."""

    row: Attachment
    proves: str
    is_blurred: bool


def file_fields(section: FormSection, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields for files of a section: a sheet for each table that takes one, evidence."""
    fields: dict[str, Any] = {
        sheet_field(item): FileField(lazy("上传填好的表格")) for item in section.items if item.sheet
    }
    if places_for(section):
        fields[EVIDENCE] = FileField(lazy("添加扫描件或照片"))
        fields[PROVES] = SelectField(
            lazy("这份材料证明什么"), choices=_choices(section, typed), validate_choice=False
        )
    return fields


def sheet_field(item: Item) -> str:
    """Return the name of the field that takes a table's sheet."""
    return f"sheet_{item.key}"


def _choices(section: FormSection, typed: Mapping[str, Any]) -> list[SelectChoice]:
    choices = []
    for item in places_for(section):
        path, words = f"{section.key}.{item.key}", item.label(language())
        choices.append(SelectChoice(path, words))
        rows = typed.get(item.key) if item.kind == "table" else None
        choices += [
            SelectChoice(f"{path}{_BETWEEN}{name}", f"{words} · {name}")
            for name in _row_names(item, rows or [])
        ]
    return choices


def _row_names(item: Item, rows: Sequence[Row]) -> list[str]:
    names = (row.get(item.columns[0].key, "") for row in rows)
    return list(dict.fromkeys(name for name in names if name))


def examine(filing: Filing, section: FormSection, form: Any, limits: Attachments) -> SentFiles:  # noqa: ANN401  # untyped library
    """Return the files that came with the form, each examined; a button for none says so."""
    files = SentFiles(faults=_missing(section, form))
    for item in section.items:
        if item.sheet and _was_sent(form[sheet_field(item)]):
            _examine_sheet(filing, Place(section, item), form, limits, files)
    if EVIDENCE in form and _was_sent(form[EVIDENCE]):
        _examine_evidence(form, limits, files)
    return files


def _missing(section: FormSection, form: Any) -> dict[str, str]:  # noqa: ANN401
    """Return what to say where the button of a file was pressed without any."""
    wanted = {"attach": EVIDENCE} if request.form.get("attach") else {}
    named = {item.key: sheet_field(item) for item in section.items if item.sheet}
    if request.form.get("sheet") in named:
        wanted["sheet"] = named[request.form["sheet"]]
    return {
        name: say("attachment.none_chosen", language())
        for name in wanted.values()
        if name in form and not _was_sent(form[name])
    }


def _was_sent(asked: Any) -> bool:  # noqa: ANN401
    return bool(asked.data and getattr(asked.data, "filename", ""))


def _examine_sheet(
    filing: Filing,
    place: Place,
    form: Any,  # noqa: ANN401
    limits: Attachments,
    files: SentFiles,
) -> None:
    name = sheet_field(place.item)
    source = Source(form[name].data.filename or "", form[name].data.read())
    others = [one for one in filing.form.items() if one.sheet and one.key != place.item.key]
    try:
        rows = rows_in(source, place.item, others, limits.max_sheet_bytes)
    except RuleBroken as error:
        files.faults[name] = said(error)
        return
    files.sheets[place.item.key] = SentSheet(name=source.shown_name, bytes=source.size, rows=rows)


def _examine_evidence(form: Any, limits: Attachments, files: SentFiles) -> None:  # noqa: ANN401
    sent = form[EVIDENCE].data
    path, _, row_name = (form[PROVES].data or "").partition(_BETWEEN)
    try:
        evidence = examined(sent.read(), limits)
    except RuleBroken as error:
        files.faults[EVIDENCE] = said(error)
        return
    files.evidence = NewFile(
        evidence=evidence, name=sent.filename or "", path=path, row_name=row_name
    )


def said(error: RuleBroken) -> str:
    """Return the sentence of a refused file; its facts in the reader's language."""
    facts = dict(error.facts)
    if language() == ENGLISH:
        facts |= {key.removesuffix("_en"): facts[key] for key in facts if key.endswith("_en")}
    kept = {key: value for key, value in facts.items() if not key.endswith("_en")}
    return say(error.key, language(), **kept)


def shown_files(filing: Filing, section: FormSection) -> list[ShownFile]:
    """Return the evidence of a section, in the order in which it was added."""
    begin = f"{section.key}."
    return [
        ShownFile(
            row=file,
            proves=proves(section, file),
            is_blurred=is_blurred(file.width, file.height),
        )
        for file in filing.files
        if file.path.startswith(begin)
    ]


def proves(section: FormSection, file: Attachment) -> str:
    """Return in words what a file proves: the answer, and the row of a table."""
    key = file.path.partition(".")[2]
    item = next((item for item in section.items if item.key == key), None)
    words = item.label(language()) if item else gettext("其他材料")
    return f"{words} · {file.row_name}" if file.row_name else words
