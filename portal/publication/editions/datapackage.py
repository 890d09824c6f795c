"""What a reader of a bundle needs beside the numbers: a table schema and a dictionary."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.domain.period import Period
from portal.publication.editions.canonical import sha256
from portal.rules.office import Office
from portal.rules.reading import DATA, read_toml

PACKAGE = "datapackage.json"
DICTIONARY = "dictionary.csv"


@cache
def formats() -> list[dict[str, Any]]:
    """Return the described tables in the order of the file that describes them."""
    found: list[dict[str, Any]] = read_toml(DATA / "formats" / "edition.toml")["members"]
    return found


def described(members: Mapping[str, bytes], period: Period, office: Office) -> dict[str, bytes]:
    """Return the Frictionless data package and the dictionary of these members."""
    package = {
        "profile": "tabular-data-package",
        "name": f"edition-{str(period).lower()}",
        "title": f"{office.name_en}: edition for {period}",
        "title_zh": f"{office.name_zh}：{period} 统计期",
        "licenses": [_licence(office)],
        "resources": [_resource(one, members[one["path"]]) for one in formats()],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2, sort_keys=True)
    return {PACKAGE: text.encode() + b"\n", DICTIONARY: _dictionary()}


def _licence(office: Office) -> dict[str, str]:
    address = {"path": office.licence_url} if office.licence_url else {}
    return {
        "name": "as-stated",
        "title": office.licence_en,
        "title_zh": office.licence_zh,
        **address,
    }


def _resource(one: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": one["path"].removesuffix(".csv").replace("/", "-"),
        "path": one["path"],
        "title": one["en"],
        "title_zh": one["zh"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content)}",
        "schema": {
            "fields": [_field(field) for field in one["fields"]],
            "primaryKey": one["key"],
            "missingValues": [""],
        },
    }


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": field["name"],
        "type": field["type"],
        "title": field["en"],
        "title_zh": field["zh"],
    }


def _dictionary() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("file", "column", "type", "zh", "en"))
    for one in formats():
        writer.writerow((one["path"], "", "table", one["zh"], one["en"]))
        for field in one["fields"]:
            writer.writerow((one["path"], field["name"], field["type"], field["zh"], field["en"]))
    return out.getvalue().encode()
