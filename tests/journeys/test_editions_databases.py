"""One edition from one input, byte for byte the same on both databases."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import POSTGRESQL
from editions_desk import Desk
from editions_ground import AT
from sqlalchemy import select

from portal.casework.setting_up import set_up
from portal.rules.office import load_office
from portal.settings import ROOT
from portal.store.editions import Edition
from portal.store.session import make_engine, reading, transaction

if TYPE_CHECKING:
    from pathlib import Path


def sealed_on(address: str, data_dir: Path) -> bytes:
    """Return the bundle that a fresh database at this address seals."""
    engine = make_engine(address)
    text = (ROOT / "data/office/putuo.toml").read_text(encoding="utf-8")
    with transaction(engine) as session:
        set_up(session, text, AT)
    desk = Desk(engine, load_office(text), data_dir)
    number, shown = desk.compose()
    desk.approve("wang", number, shown)
    desk.seal("li", number, shown)
    with reading(engine) as session:
        bundle = session.scalars(select(Edition.bundle)).one()
    engine.dispose()
    assert bundle
    return bundle


@pytest.mark.postgresql
@pytest.mark.skipif(not POSTGRESQL, reason="PORTAL_TEST_POSTGRESQL names no server")
def test_both_databases_seal_the_same_bytes(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path
) -> None:
    shutil.copyfile(migrated_file, tmp_path / "portal.db")
    first = sealed_on(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path)
    cluster = request.getfixturevalue("cluster")
    address = cluster.copy()
    try:
        assert sealed_on(address, tmp_path) == first
    finally:
        cluster.drop(address)
