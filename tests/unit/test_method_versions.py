"""Every version of the method is told in words and can be run; the newest one is in force."""

from __future__ import annotations

from portal.domain.ranking import METHOD_VERSION
from portal.publication.compute import METHOD, versions
from portal.rules.method_versions import method_versions


def test_words_and_code_know_the_same_versions() -> None:
    assert tuple(one.number for one in method_versions()) == versions()
    assert versions()[-1] == METHOD == METHOD_VERSION


def test_each_version_is_told_in_both_languages() -> None:
    for one in method_versions():
        assert one.words("zh") != one.words("en")
