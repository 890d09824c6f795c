"""What was published stays readable: corrections and withdrawals are editions that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from editions_desk import Desk, change_a_tally
from editions_ground import PERIOD
from signing import signed_in
from sqlalchemy import select
from test_editions_pages import desk, press, text

from portal.domain.errors import Conflict, RuleBroken
from portal.domain.people import OPERATOR
from portal.publication.editions.blocks import blocks_of
from portal.publication.editions.copies import mend_copies
from portal.publication.editions.differences import CHANGES, differences
from portal.publication.editions.rotation import rotate
from portal.publication.editions.tables import rows_of
from portal.publication.verification.checking import verified
from portal.publication.verification.verifying import keys_in, opened
from portal.store.editions import Edition, SigningKey
from portal.store.session import reading, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from portal.publication.verification.verifying import Opened

__all__ = ["desk"]
TRADE = "low-voltage-electrician"
WHY = "考试机构更正了一家机构的通过人数。"


def copies(desk: Desk) -> Path:
    """Write the bundles as files; return their folder."""
    with reading(desk.engine) as session:
        mend_copies(session, desk.data_dir)
    return desk.data_dir / "editions"


def bundle(desk: Desk, number: int) -> Opened:
    """Return one sealed edition, opened."""
    with reading(desk.engine) as session:
        row = session.scalars(select(Edition).where(Edition.number == number)).one()
        return opened(row.bundle or b"", keys_in(desk.data_dir / "keys" / "public"))


def corrected(desk: Desk) -> None:
    """Seal an edition and its correction."""
    number, _ = desk.compose()
    desk.operator_seals(number)
    change_a_tally(desk)
    number, _ = desk.compose(why=WHY)
    desk.operator_seals(number)


def test_a_correction_tells_what_changed_and_why(desk: Desk) -> None:
    corrected(desk)
    first, second = bundle(desk, 1), bundle(desk, 2)
    told = rows_of(CHANGES, second.members)
    assert list(told) == differences(first.members, second.members)
    assert ("T001", "passed_first") in {(one.institution, one.figure) for one in told}
    assert (second.manifest["replaces"], second.manifest["why_zh"]) == (1, WHY)
    assert rows_of(CHANGES, first.members) == ()


def test_who_is_not_touched_is_not_asked_again(desk: Desk) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    change_a_tally(desk)
    number, _ = desk.compose(checked=False)
    with reading(desk.engine) as session:
        edition = session.scalars(select(Edition).where(Edition.number == number)).one()
        ground = desk.ground(session)
        found = blocks_of(session, edition, desk.rules, desk.office, ground.site, ground.day)
    assert {one.key: one.facts for one in found} == {
        "edition.check_not_opened": {"count": 1},
        "edition.why_missing": {"number": 1},
    }


def test_the_old_stays_readable_with_a_banner(desk: Desk, app: Flask) -> None:
    corrected(desk)
    reader = app.test_client()
    old, new = text(reader.get("/editions/1")), text(reader.get("/editions/2"))
    assert "这一期已经更正" in old
    assert WHY in old
    assert "更正的原因" in new
    assert "首考通过人数" in new
    assert reader.get("/api/v1/editions/1/bundle.zip").status_code == 200
    kinds = [one["kind"] for one in reader.get("/api/v1/changes").get_json()["items"]]
    assert kinds == ["correction", "publication", "key"]


def withdrawn(desk: Desk, app: Flask) -> FlaskClient:
    """Withdraw edition 2 by two persons at the desk; return a reader."""
    for period in ("2025-H1", PERIOD):
        number, _ = desk.compose(period)
        desk.operator_seals(number)
    wang, li = signed_in(app, "wang"), signed_in(app, "li")
    page = "/desk/editions/2"
    assert press(wang, page, f"{page}/withdraw", why_zh="").status_code == 422
    told = {"why_zh": "成绩文件整体有误。", "why_en": "The whole file was wrong."}
    assert press(wang, page, f"{page}/withdraw", **told).status_code == 303
    page = "/desk/editions/3"
    assert "成绩文件整体有误" in text(wang.get(page))
    assert press(wang, page, f"{page}/seal").status_code == 422
    assert press(wang, page, f"{page}/approve").status_code == 303
    assert press(li, page, f"{page}/seal").status_code == 303
    return app.test_client()


def test_a_withdrawal_takes_the_figures_back_and_says_why(desk: Desk, app: Flask) -> None:
    reader = withdrawn(desk, app)
    assert "这一期已经撤回" in text(reader.get("/editions/2"))
    assert "The whole file was wrong." in text(reader.get("/en/editions/3"))
    assert "这一期已经撤回" in text(reader.get(f"/rank/{TRADE}/{PERIOD}"))
    told = reader.get(f"/api/v1/rankings?trade={TRADE}").get_json()
    assert (told["edition"], told["period"]) == (1, "2025-H1")
    assert reader.get("/api/v1/changes").get_json()["items"][0]["kind"] == "withdrawal"
    assert reader.get("/api/v1/editions/3").get_json()["withdraws"] == 2
    for path in ("/", "/data", "/editions", "/changes", "/en/changes", "/changes.atom", "/rank"):
        assert reader.get(path).status_code == 200, path
    report = verified(str(copies(desk)), None, desk.data_dir)
    assert report.fault is None, report.fault
    assert [one.number for one in report.passed] == [1, 2, 3]


def test_what_does_not_stand_is_not_withdrawn_again(desk: Desk, app: Flask) -> None:
    withdrawn(desk, app)
    wang = signed_in(app, "wang")
    page = "/desk/editions/1"
    answer = press(wang, page, "/desk/editions/2/withdraw", why_zh="再撤回一次")
    assert answer.status_code == 409
    with pytest.raises(Conflict, match="nothing_new"):
        desk.compose(PERIOD)


def test_a_key_vouches_for_the_next_one(desk: Desk, tmp_path: Path) -> None:
    number, _ = desk.compose("2025-H1")
    desk.operator_seals(number)
    (first_key,) = (desk.data_dir / "keys" / "public").glob("*.pem")
    trusted = tmp_path / "first.pem"
    trusted.write_bytes(first_key.read_bytes())
    with transaction(desk.engine) as session:
        rotate(session, OPERATOR, desk.data_dir, desk.ground(session).at)
    number, _ = desk.compose(PERIOD)
    desk.operator_seals(number)
    report = verified(str(copies(desk)), trusted, tmp_path)
    assert report.fault is None
    assert len({one.key for one in report.passed}) == 2
    with reading(desk.engine) as session:
        rows = session.scalars(select(SigningKey).order_by(SigningKey.id)).all()
    assert (rows[1].before, len(rows[1].endorsement or "")) == (rows[0].public_key, 128)
    newest = tmp_path / "newest.pem"
    (second_key,) = set((desk.data_dir / "keys" / "public").glob("*.pem")) - {first_key}
    newest.write_bytes(second_key.read_bytes())
    refused = verified(str(copies(desk)), newest, tmp_path)
    assert refused.fault
    assert refused.fault.key == "verify.unknown_key"


def test_a_lost_private_key_is_said_in_words(desk: Desk) -> None:
    number, _ = desk.compose("2025-H1")
    desk.operator_seals(number)
    for file in (desk.data_dir / "keys" / "private").glob("*.pem"):
        file.unlink()
    number, _ = desk.compose(PERIOD)
    with pytest.raises(RuleBroken, match="key_lost"):
        desk.operator_seals(number)
