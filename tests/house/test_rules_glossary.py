"""Words: each term, label and sentence is whole in both languages, and asked for by name."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator

from tree import ROOT, modules, parsed, short

from portal.rules.words import labels, messages, terms

NOT_SAID = ("置信区间", "黑名单", "曝光", "N/A", "blacklist", "confidence interval", "league table")
TERMS = set(
    re.findall(
        r"\w+",
        """Institution Unit SpecialReport Venue Teacher Equipment Trade Sitting ExamResult Tally
        SurveyAnswer Standing Band Edition Case Ground Notice Statement Appeal Rectification
        Listing Receipt Refused""",
    )
)
CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
ERRORS = ("PortalError", "NotAllowed", "NotFound", "Conflict", "RuleBroken", "TooLate")
IN_TEMPLATES = re.compile(r"""["']([a-z_]+\.[a-zA-Z0-9_.]+)["']\s*\|\s*(label|say)\b""")


def test_the_glossary_has_every_word_of_the_domain() -> None:
    assert terms().keys() >= TERMS
    for key, term in terms().items():
        assert re.fullmatch(r"[A-Z]\w+", key)
        for words in (term.zh, term.en, term.means_zh, term.means_en):
            assert words.strip() == words != "", key


def test_labels_and_sentences_are_whole_in_both_languages() -> None:
    for key, pair in (labels() | messages()).items():
        assert pair.zh.strip() == pair.zh != "", key
        assert pair.en.strip() == pair.en != "", key
        assert not CHINESE.search(pair.en), key
        assert CHINESE.search(pair.zh), key
        for word in NOT_SAID:
            assert word not in pair.zh, key
            assert word not in pair.en, key


def test_both_languages_of_a_sentence_want_the_same_facts() -> None:
    for key, pair in messages().items():
        zh, en = (
            {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            for text in (pair.zh, pair.en)
        )
        assert zh >= en, key
        assert {name for name in zh if not name.isidentifier()} == set(), key


def spoken(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Yield (line, ``say`` or ``label``, key) of each word asked for by its written key."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name, first = called(node.func), node.args[0]
            if name and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, name, first.value


def called(function: ast.expr) -> str:
    """Return ``say`` or ``label`` where the call asks for a word, else an empty string."""
    if isinstance(function, ast.Attribute):
        module = getattr(function.value, "id", "")
        return function.attr if module == "words" and function.attr in {"say", "label"} else ""
    name = getattr(function, "id", "")
    return "say" if name in ERRORS else name if name in {"say", "label"} else ""


def test_every_word_asked_for_is_there() -> None:
    asked = [
        (f"{short(path)}:{line}", kind, key)
        for path in modules("portal")
        for line, kind, key in spoken(parsed(path))
    ]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        asked += [(short(path), kind, key) for key, kind in IN_TEMPLATES.findall(text)]
    known = {"label": labels(), "say": messages()}
    missing = [f"{place} {kind} {key}" for place, kind, key in asked if key not in known[kind]]
    assert not missing, "\n".join(missing)


def test_a_missing_word_is_seen() -> None:
    code = (
        'say("a.b", x)\nwords.label("c.d", x)\nraise NotFound("e.f")\ncolumn.label("g")\nrun("h")'
    )
    assert [key for _, _, key in spoken(ast.parse(code))] == ["a.b", "c.d", "e.f"]
    assert IN_TEMPLATES.findall("{{ 'band.near'|label }} {{ \"x.y\" | say(n=1) }}") == [
        ("band.near", "label"),
        ("x.y", "say"),
    ]
