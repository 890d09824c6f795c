"""Sources: resolved, marked, and cited in both languages."""

from __future__ import annotations

import pytest

from portal.rules.error import RuleError
from portal.rules.sources import SEEN, Source, cite, seen, source, sources


def test_a_reference_is_cited_in_both_languages() -> None:
    assert cite("penalty-law#64", "zh") == "《中华人民共和国行政处罚法》第六十四条"
    assert cite("penalty-law#64", "en") == "Administrative Penalty Law, art. 64"
    assert cite("aq-t-8011-2016", "en").endswith("(AQ/T 8011-2016)")
    assert source("penalty-law").title("zh") == "中华人民共和国行政处罚法"


@pytest.mark.parametrize("reference", ["hearsay", "penalty-law#999", "", "#64"])
def test_an_unknown_reference_is_refused(reference: str) -> None:
    with pytest.raises(RuleError, match="does not stand"):
        source(reference)


def test_an_article_may_be_known_better_or_worse_than_its_source() -> None:
    assert seen("mem-order-19") == "C"
    assert seen("mem-order-19#attempts") == "B"
    assert seen("saws-order-44#34") == "B"
    assert seen("saws-order-44#6") == "M"


def test_every_source_is_whole_in_both_languages() -> None:
    for key, one in sources().items():
        assert one.title_zh, key
        assert one.title_en, key
        assert one.issuer_zh, key
        assert one.issuer_en, key
        for name, article in one.articles.items():
            assert article.zh, (key, name)
            assert article.en, (key, name)
            assert bool(article.says_zh) == bool(article.says_en), (key, name)
            assert not article.seen or article.seen in SEEN, (key, name)


def test_a_source_without_a_known_mark_is_refused() -> None:
    with pytest.raises(RuleError, match="seen must be among"):
        Source(title_zh="x", title_en="x", issuer_zh="x", issuer_en="x", seen="Z")
