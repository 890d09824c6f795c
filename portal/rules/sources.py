"""Laws, notices and decisions that rules rest on, and how to cite them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from portal.rules.bounds import require
from portal.rules.error import RuleError
from portal.rules.reading import DATA, build, read_toml

SEEN = {
    "A": "the official text or a government site was seen",
    "B": "a mirror or the press was seen",
    "C": "a fragment or a secondary copy was seen",
    "M": "remembered, not seen",
    "P": "the portal's own preset or method",
}
"""How well a source is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A place in a source and what it says, in our own words."""

    zh: str
    """How it is cited: 第六十四条."""
    en: str
    says_zh: str = ""
    says_en: str = ""
    seen: str = ""
    """Overrides the source's mark; empty = the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A law, notice or decision."""

    title_zh: str
    title_en: str
    issuer_zh: str
    issuer_en: str
    number: str = ""
    """Document number, as issued."""
    issued: str = ""
    """Day, month or year of issue as far as known; empty = not known."""
    url: str = ""
    """Where it was seen; empty = nowhere that can be linked."""
    seen: str
    articles: dict[str, Article] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an unknown mark."""
        require(self.seen in SEEN, f"{self.title_en}: seen must be among {', '.join(SEEN)}")

    def title(self, lang: str) -> str:
        """Return the title in ``zh`` or ``en``."""
        return self.title_zh if lang == "zh" else self.title_en


@cache
def sources() -> dict[str, Source]:
    """Return every source by its key.

    Raises:
        RuleError: ``data/sources.toml`` is wrong.

    """
    found: dict[str, Source] = {}
    for key, table in read_toml(DATA / "sources.toml").items():
        articles = {
            name: build(Article, article, f"sources.toml {key}#{name}")
            for name, article in table.pop("articles", {}).items()
        }
        read = build(_Plain, table, f"sources.toml {key}")
        found[key] = Source(**{f: getattr(read, f) for f in _Plain.__slots__}, articles=articles)
    return found


def source(reference: str) -> Source:
    """Return the source of a reference such as ``notice-2021-22#5.3``.

    Raises:
        RuleError: no such source, or it has no such article.

    """
    key, _, article = reference.partition("#")
    found = sources().get(key)
    if found is None or (article and article not in found.articles):
        msg = f"the source {reference} does not stand in sources.toml"
        raise RuleError(msg)
    return found


def seen(reference: str) -> str:
    """Return the mark (A, B, C, M, P) of a reference's article, else of its source.

    Raises:
        RuleError: no such source.

    """
    found = source(reference)
    article = found.articles.get(reference.partition("#")[2])
    return (article.seen if article else "") or found.seen


def cite(reference: str, lang: str) -> str:
    """Return a reference in words: ``《行政处罚法》第六十四条``, ``… Law, art. 64``.

    Raises:
        RuleError: no such source.

    """
    found = source(reference)
    article = found.articles.get(reference.partition("#")[2])
    if lang == "zh":
        return f"《{found.title_zh}》{article.zh if article else ''}"
    if article is None:
        return found.title_en
    return f"{found.title_en}{'' if article.en.startswith('(') else ','} {article.en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    title_zh: str
    title_en: str
    issuer_zh: str
    issuer_en: str
    number: str = ""
    issued: str = ""
    url: str = ""
    seen: str
