"""What a certificate takes, by day and by trade."""

from __future__ import annotations

from datetime import date

import pytest

from portal.rules.catalogue import catalogue
from portal.rules.certificates import (
    TOPICS,
    Certificate,
    CertificateFact,
    certificate_of,
    certificates,
)
from portal.rules.error import RuleError

BEFORE, AFTER = date(2026, 5, 31), date(2026, 6, 1)


def certificate(slug: str) -> Certificate:
    """Return the certificate of a trade of the catalogue."""
    found = certificate_of(catalogue().trades[slug])
    assert found is not None
    return found


def test_every_trade_of_the_catalogue_has_a_certificate() -> None:
    assert not [slug for slug, trade in catalogue().trades.items() if certificate_of(trade) is None]


@pytest.mark.parametrize("one", certificates(), ids=lambda one: one.key)
@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_each_day_tells_each_topic_once(one: Certificate, day: date) -> None:
    topics = [fact.topic for fact in one.on(day)]
    assert len(topics) == len(set(topics))
    assert topics == sorted(topics, key=TOPICS.index)
    assert {"who", "hours", "exam", "validity"} <= set(topics)


def test_what_changed_in_june_2026_is_told_with_what_was() -> None:
    changes = certificate("low-voltage-electrician").changed_by(AFTER)
    old = {new.topic: before.until_on for _, new, before in changes if before}
    assert set(old) == {"education", "where", "retakes", "validity"}
    assert set(old.values()) == {BEFORE}
    assert not certificate("low-voltage-electrician").changed_by(BEFORE)


def test_a_post_of_a_high_risk_employer_takes_more_hours_than_another() -> None:
    hours = {
        slug: next(fact.zh for fact in certificate(slug).on(AFTER) if fact.topic == "hours")
        for slug in ("general-principal", "hazardous-chemicals-principal")
    }
    assert "32" in hours["general-principal"]
    assert "48" in hours["hazardous-chemicals-principal"]


def test_a_topic_that_no_page_tells_is_refused() -> None:
    with pytest.raises(RuleError):
        CertificateFact(topic="colour", zh="x", en="x", source="mem-order-19", verified=True)
