"""What a stranger can do without this portal: the plain verifier, the notebook, the limits."""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from editions_desk import Desk
from editions_ground import PERIOD
from test_editions_corrections import copies
from test_editions_pages import desk

from portal.app import create_app
from portal.publication.editions.canonical import pack, unpack
from portal.settings import ROOT, Settings
from portal.web.limits import Minutes

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

__all__ = ["desk"]
VERIFIER = ROOT / "scripts" / "verify_bundle.py"
FLIPS = 40


@pytest.fixture
def bundles(desk: Desk) -> tuple[list[Path], Path]:
    """Return two sealed bundles as files, and the file of the key."""
    for period in ("2025-H1", PERIOD):
        number, _ = desk.compose(period)
        desk.operator_seals(number)
    folder = copies(desk)
    (key,) = (desk.data_dir / "keys" / "public").glob("*.pem")
    return [folder / "1.zip", folder / "2.zip"], key


def plainly(files: list[Path], key: Path) -> subprocess.CompletedProcess[str]:
    """Run the plain verifier as a stranger does: without this repository on the path."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, files), "--key", str(key)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_it_is_short_and_needs_nothing_of_ours() -> None:
    lines = VERIFIER.read_text("utf-8").splitlines()
    assert len(lines) <= 200
    assert not [line for line in lines if "portal." in line and "import" in line]


def test_a_whole_chain_holds_for_a_stranger(bundles: tuple[list[Path], Path]) -> None:
    files, key = bundles
    run = plainly(files, key)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count(" holds, manifest ") == 2
    assert plainly(files[1:], key).returncode == 0


def test_what_is_altered_is_named(bundles: tuple[list[Path], Path], tmp_path: Path) -> None:
    files, key = bundles
    whole = files[0].read_bytes()
    members = unpack(whole)
    other = tmp_path / "other.pem"
    other.write_bytes(_foreign_key())
    wrong = {
        "swapped": (files[::-1], key),
        "first lost": ([files[1], files[1]], key),
        "foreign key": (files, other),
    }
    changed = {
        "packed otherwise": whole[:10] + b"\1" + whole[11:],
        "member changed": pack(members | {"rulebook.json": b"{}"}),
        "member lost": pack({k: v for k, v in members.items() if k != "chain.csv"}),
        "member added": pack(members | {"note.txt": b"x"}),
        "cut": whole[:-1],
    }
    for name, content in changed.items():
        file = tmp_path / f"{len(wrong)}.zip"
        file.write_bytes(content)
        wrong[name] = ([file], key)
    for name, (given, trusted) in wrong.items():
        run = plainly(given, trusted)
        assert run.returncode == 1, name
        assert run.stderr.startswith("FAULT: "), name


def test_any_flipped_byte_is_found_by_the_plain_one_too(
    bundles: tuple[list[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(VERIFIER.parent))
    plain = __import__("verify_bundle")
    files, key = bundles
    whole, trusted = files[0].read_bytes(), plain.keys_in(key)
    assert plain.opened(whole, trusted)
    random = Random(6)  # noqa: S311  # the same flips every time
    for _ in range(FLIPS):
        at, flip = random.randrange(len(whole)), random.randrange(1, 256)
        changed = bytearray(whole)
        changed[at] ^= flip
        with pytest.raises(plain.Fault):
            plain.opened(bytes(changed), trusted)


def _foreign_key() -> bytes:
    public = Ed25519PrivateKey.from_private_bytes(b"\3" * 32).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_the_notebook_runs_from_top_to_bottom(
    app: Flask, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    number, _ = desk.compose()
    desk.operator_seals(number)
    reader = app.test_client()
    served = reader.get("/data/open-data.ipynb")
    cells = json.loads(served.data)["cells"]
    names: dict[str, object] = {"urllib": None}
    code = "".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code")
    head, _, rest = code.partition("editions = json.loads")
    exec(head, names)  # noqa: S102  # our own notebook
    names["fetch"] = lambda path: reader.get(path).data
    exec("editions = json.loads" + rest, names)  # noqa: S102
    said = capsys.readouterr().out
    assert "edition 1 period 2025-H2" in said
    assert "示例甲安全培训中心" in said
    assert "'above'" in said


def test_too_many_requests_are_told_when_to_come_back(settings: Settings, app: Flask) -> None:
    del app
    fields = {name: getattr(settings, name) for name in settings.__slots__}
    limited = create_app(Settings(**(fields | {"api_per_minute": 3})))
    reader = limited.test_client()
    answers = [reader.get("/api/v1/editions") for _ in range(8)]
    late = answers[-1]
    assert answers[0].status_code == 200
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert late.headers["Retry-After"] in late.get_json()["detail"]
    assert reader.get("/data").status_code == 200
    wired = limited.extensions["portal"]
    wired.engine.dispose()


def test_workers_share_the_count_and_forget_it_with_the_minute(tmp_path: Path) -> None:
    first, second = (Minutes(tmp_path / "limits", b"key") for _ in range(2))
    counted = [one.count("192.0.2.1", 120) for one in (first, second, first)]
    assert counted == [1, 2, 3]
    assert first.count("192.0.2.1", 180) == 1
    assert b"192.0.2.1" not in (tmp_path / "limits").read_bytes()
