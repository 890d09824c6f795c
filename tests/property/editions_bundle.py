"""A small sealed bundle, and a chain of them, for the tests of what verification finds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.period import Period
from portal.metrics.inputs import Answers, Count, Inputs, Listed, Place, TradeInput
from portal.publication.editions.chain import ChainLine
from portal.publication.editions.composing import Draft, Prepared, drafted
from portal.publication.editions.manifest import Seal, sealed
from portal.publication.editions.signing import public_hex
from portal.publication.verification.verifying import Opened, opened
from portal.rules.office import load_office
from portal.rules.rulebook import rules_on
from portal.settings import ROOT
from portal.store.chain import START, head_after

KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
AT = datetime(2026, 3, 16, 1, tzinfo=UTC)
SIZES = (300, 120, 45, 12)


CODES = tuple(f"T00{at}" for at in range(1, 5))
TRADE = "height-installation"


def count(at: int) -> Count:
    """Return the counts of one institution."""
    size, passed = SIZES[at], SIZES[at] * 4 // 5 - at * 2
    return Count(
        trade=TRADE,
        institution=CODES[at],
        period="2025-H2",
        registered=size + 3,
        sat=size,
        sat_first=size,
        passed_first=passed,
        passed=passed,
    )


def answers(at: int) -> Answers:
    """Return the answers about one institution."""
    return Answers(
        trade="",
        institution=CODES[at],
        period="2025-H2",
        source="问卷",
        invited=90,
        answered=40,
        satisfied_answers=30 + at,
    )


@cache
def draft() -> Draft:
    """Return a computed draft of four institutions and one trade."""
    named = TradeInput(trade=TRADE, name_zh="高处", name_en="Height", measure="first_attempt")
    inputs = Inputs(
        period=Period.parse("2025-H2"),
        trades=(named,),
        institutions=tuple(
            Listed(institution=code, name=f"示例{code}", name_en=None, area="1") for code in CODES
        ),
        places=tuple(Place(trade=TRADE, institution=code) for code in CODES),
        counts=tuple(count(at) for at in range(4)),
        answers=tuple(answers(at) for at in range(4)),
    )
    office = load_office((ROOT / "data/office/putuo.toml").read_text("utf-8"))
    rules = rules_on(date(2026, 3, 1))
    return drafted(Prepared(inputs=inputs, rules=rules, office=office, world="real", replaces=None))


def seal(number: int, before: Opened | None, key: Ed25519PrivateKey = KEY) -> bytes:
    """Return a sealed bundle of the draft, after the edition before it and one list event."""
    facts = Seal(
        number=number,
        previous=before.manifest_sha256 if before else None,
        composed_at=AT,
        sealed_at=AT,
        sealed_by=("王一", "李二"),
        by_operator=False,
        chain=chain_after(before),
    )
    return sealed(draft().members, draft().head, facts, key).content


def chain_after(before: Opened | None) -> tuple[ChainLine, ...]:
    """Return the chain so far: what the edition before carried, that edition, and a list event."""
    if before is None:
        return ()
    lines = list(before.chain)
    told = (("edition", before.number, before.manifest_sha256), ("event", None, "e" * 64))
    for kind, edition, digest in told:
        number = len(lines) + 1
        head = head_after(lines[-1].head if lines else START, number, kind, digest)
        lines.append(ChainLine(number=number, kind=kind, edition=edition, digest=digest, head=head))
    return tuple(lines)


@cache
def bundle() -> bytes:
    """Return one sealed bundle."""
    return seal(1, None)


def look(content: bytes, key: Ed25519PrivateKey = KEY) -> Opened:
    """Open a bundle, trusting one key."""
    return opened(content, [public_hex(key)])


def resealed(members: dict[str, bytes], **changes: object) -> Opened:
    """Return what an insider with the key would publish of changed members."""
    head = draft().head | changes
    facts = Seal(
        number=1, previous=None, composed_at=AT, sealed_at=AT, sealed_by=(), by_operator=False
    )
    return look(sealed(members, head, facts, KEY).content)


def chain(length: int = 3) -> dict[int, Opened]:
    """Return a whole chain of opened editions."""
    editions: dict[int, Opened] = {}
    for number in range(1, length + 1):
        editions[number] = look(seal(number, editions.get(number - 1)))
    return editions


def sealed_otherwise() -> bytes:
    """Return a first edition that other persons sealed."""
    facts = Seal(
        number=1,
        previous=None,
        composed_at=AT,
        sealed_at=AT,
        sealed_by=("别人",),
        by_operator=False,
    )
    return sealed(draft().members, draft().head, facts, KEY).content
