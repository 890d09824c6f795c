"""compose, publish and verify as an operator and a stranger call them."""

from __future__ import annotations

import json
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from editions_desk import Desk
from editions_ground import PERIOD
from werkzeug.serving import make_server

from portal.cli.main import portal
from portal.rules.rulebook import rules_on
from portal.settings import machine_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result
    from flask import Flask
    from sqlalchemy import Engine

    from portal.rules.office import Office
    from portal.settings import Settings


class Operator:
    """Somebody at the command line, with the desk beside them."""

    def __init__(self, desk: Desk, address: str) -> None:
        """Keep the environment that commands read."""
        self.desk = desk
        self.environment = {
            "PORTAL_DATABASE_URL": address,
            "PORTAL_DATA_DIR": str(desk.data_dir),
        }

    def run(self, *words: str, **environment: str) -> Result:
        """Run one command."""
        runner = CliRunner(env=self.environment | environment)
        return runner.invoke(portal, words, catch_exceptions=False)

    def told(self, *words: str, **environment: str) -> dict[str, Any]:
        """Run one command with --json; return its object."""
        answer = self.run(*words, "--json", **environment)
        told: dict[str, Any] = json.loads(answer.stdout)
        return told

    def publish(self, period: str) -> dict[str, Any]:
        """Compose and seal a period."""
        number = self.told("compose", period)["edition"]
        return self.told("publish", str(number), "--operator")


@pytest.fixture
def operator(engine: Engine, office: Office, settings: Settings) -> Operator:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    desk = Desk(engine, office, settings.data_dir)
    desk.rules = rules_on(machine_clock().astimezone(office.zone).date())
    return Operator(desk, settings.database_url)


@pytest.fixture
def editions(operator: Operator) -> Path:
    """Return the folder of two published editions."""
    for period in ("2025-H1", PERIOD):
        assert operator.publish(period)["by_operator"] is True
    return operator.desk.data_dir / "editions"


def test_composing_says_what_it_made(operator: Operator) -> None:
    told = operator.told("compose", PERIOD)
    assert (told["edition"], told["period"], told["trades"]) == (1, PERIOD, 2)
    assert "第 1 期（2025-H2）草稿已编好" in operator.run("compose", PERIOD).stdout
    for period, words in (("2019", "还没有考试数据"), ("soon", "看不懂统计期")):
        answer = operator.run("compose", period, "--json")
        assert answer.exit_code == 1
        assert words in answer.stderr
        assert words in json.loads(answer.stdout)["error"]


def test_publishing_takes_two_approvals(operator: Operator) -> None:
    operator.run("compose", PERIOD)
    both = ("publish", "1", "--by", "wang", "--second", "li")
    refused = operator.run(*both)
    assert refused.exit_code == 1
    assert "wang 还没有审核这一稿" in refused.stderr
    assert "li 还没有审核这一稿" in refused.stderr
    alone = operator.run("publish", "1", "--by", "wang", "--second", "wang")
    assert "两名不同的监管人员" in alone.stderr
    assert "--by" in operator.run("publish", "1", "--by", "wang").stderr
    assert operator.run("publish").exit_code == 2
    assert operator.run("publish", "9", "--operator").exit_code == 1
    _, shown = operator.desk.compose()
    for name in ("wang", "li"):
        operator.desk.approve(name, 1, shown)
    told = operator.told(*both)
    assert (told["edition"], told["sealed_by"], told["by_operator"]) == (1, ["wang", "li"], False)
    assert operator.run(*both).exit_code == 1


def test_an_operator_may_name_the_persons_who_answer_for_it(operator: Operator) -> None:
    operator.run("compose", PERIOD)
    named = ("publish", "1", "--operator", "--by", "wang", "--second")
    assert operator.run(*named, "nobody").exit_code == 1
    assert operator.run(*named, "zhao").exit_code == 1
    assert operator.told(*named, "li")["sealed_by"] == ["wang", "li"]


def test_a_folder_and_a_bundle_verify(operator: Operator, editions: Path) -> None:
    told = operator.told("verify", str(editions))
    assert told["ok"] is True
    assert [one["edition"] for one in told["editions"]] == [1, 2]
    assert operator.run("verify", str(editions / "2.zip")).exit_code == 0


def test_verification_needs_no_database(operator: Operator, editions: Path, tmp_path: Path) -> None:
    (key,) = (operator.desk.data_dir / "keys" / "public").glob("*.pem")
    elsewhere = {
        "PORTAL_DATABASE_URL": "sqlite:////nonexistent/portal.db",
        "PORTAL_DATA_DIR": str(tmp_path / "nothing"),
    }
    assert operator.run("verify", str(editions), "--key", str(key), **elsewhere).exit_code == 0
    stranger = operator.run("verify", str(editions), **elsewhere)
    assert stranger.exit_code == 1
    assert "Unknown key" in stranger.stderr
    assert operator.run("verify", str(editions), "--key", str(editions / "1.zip")).exit_code == 1


def test_what_was_done_to_a_folder_is_named(
    operator: Operator, editions: Path, tmp_path: Path
) -> None:
    def after(change: str) -> str:
        folder = tmp_path / change
        shutil.copytree(editions, folder)
        first, second = folder / "1.zip", folder / "2.zip"
        if change == "dropped":
            first.unlink()
        elif change == "swapped":
            first.rename(folder / "x")
            second.rename(first)
            (folder / "x").rename(second)
        else:
            content = bytearray(second.read_bytes())
            content[-200] ^= 1
            second.write_bytes(content)
        answer = operator.run("verify", str(folder))
        assert answer.exit_code == 1
        return answer.stderr

    assert "Edition 1 is missing" in after("dropped")
    assert "What is kept as edition 1 is in truth edition 2" in after("swapped")
    assert "Edition 2 did not pass" in after("flipped")
    (tmp_path / "empty").mkdir()
    assert "nothing to verify" in operator.run("verify", str(tmp_path / "empty")).stderr
    assert operator.run("verify", str(tmp_path / "none.zip")).exit_code == 1


def test_an_old_edition_verifies_under_new_rules(operator: Operator, editions: Path) -> None:
    rules = operator.desk.data_dir / "rules"
    rules.mkdir()
    (rules / "ranking.toml").write_text(
        'name = "ranking"\ntitle = { zh = "排名", en = "Ranking" }\n[[version]]\n'
        'in_force_from = 2026-01-01\nsource = "portal-method"\n'
        "verified = true\nlevel = 0.8\ndraws = 1000\nseed = 7\nband_above = 0.9\n"
        "band_below = 0.1\nmin_published = 20\nmin_effective_n = 40\nrankability_min = 0.4\n"
        "window_periods = 2\ndiscount_per_year = 0.5\ntrend_periods = 4\npairs_most = 60\n",
        encoding="utf-8",
    )
    assert operator.run("verify", str(editions)).exit_code == 0
    again = operator.publish(PERIOD)
    assert again["edition"] == 3
    told = operator.told("verify", str(editions))
    assert (told["ok"], len(told["editions"])) == (True, 3)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Yield the address of the site on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("editions")
def test_a_whole_site_verifies_from_outside(operator: Operator, site: str, tmp_path: Path) -> None:
    elsewhere = {"PORTAL_DATA_DIR": str(tmp_path / "nothing")}
    told = operator.told("verify", f"{site}/api/v1/editions", **elsewhere)
    assert (told["ok"], told["trust"], len(told["editions"])) == (True, "site", 2)
    answer = operator.run("verify", f"{site}/api/v1/editions/2/bundle.zip", **elsewhere)
    assert answer.exit_code == 0
    assert site.removeprefix("http://") in answer.stdout
    assert operator.run("verify", f"{site}/nothing").exit_code == 1
    assert operator.run("verify", "http://127.0.0.1:9/api/v1/editions").exit_code == 1
