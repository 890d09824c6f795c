"""Check the bytes, the signature and the chain of sealed editions: nothing but ``cryptography``.

    python verify_bundle.py 1.zip 2.zip 3.zip --key keys.pem

Give every edition from 1 on to check the whole chain; a single one is checked by itself. It stands
alone on purpose: read it first, it is short. Figures are recomputed by ``portal verify``.
Exit status: 0 = everything holds, 1 = the first fault is named, 2 = wrong call.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import json
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization import load_pem_public_key as load

PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
START = "0" * 64


class Fault(Exception):  # it is no error of the program
    """Something does not hold; the text says what."""


def sha256(content: bytes) -> str:
    """Return the hash in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(value: object) -> bytes:
    """Return the one way in which JSON is written: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")
    )
    return text.encode()


def read_json(content: bytes, name: str) -> dict[str, Any]:
    """Return the object, which must be written canonically."""
    value: Any = None
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(content)
    if isinstance(value, dict) and canonical(value) == content:
        return value
    msg = f"{name} is not written canonically"
    raise Fault(msg)


def pack(members: dict[str, bytes]) -> bytes:
    """Return the one zip of these members: stored, sorted by name, every time stamp 1980-01-01."""
    body, directory = bytearray(), bytearray()
    for name in sorted(members):
        content, written = members[name], name.encode("ascii")
        size = len(content)
        shared = (20, 0, 0, 0, 0x21, zlib.crc32(content), size, size, len(written), 0)
        entry = (b"PK\1\2", 3 << 8 | 20, *shared, 0, 0, 0, 0o100644 << 16, len(body))
        directory += struct.pack("<4s6H3I5H2I", *entry) + written
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *shared) + written + content
    count = len(members)
    end = (b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + struct.pack("<4s4H2IH", *end))


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the members; packing them again must give the very same bytes."""
    members, at = {}, 0
    try:
        while content[at : at + 4] == b"PK\3\4":
            head = struct.unpack_from("<4s5H3I2H", content, at)
            size, length = head[8], head[9]
            begin = at + 30 + length
            name = content[at + 30 : begin].decode("ascii")
            members[name] = content[begin : begin + size]
            at = begin + size
        same = pack(members) == content
    except (struct.error, UnicodeError, MemoryError):
        same = False
    if not same:
        msg = "the zip was altered or packed otherwise"
        raise Fault(msg)
    return members


def holds(key: str, signature: str, signed: bytes) -> bool:
    """Tell whether the signature over ``signed`` was made with that key (both hexadecimal)."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def trusted_with(told: list[dict[str, Any]], trusted: set[str]) -> set[str]:
    """Return the trusted keys and those that they vouch for."""
    found = set(trusted)
    for one in told:
        statement = canonical({name: one.get(name) for name in ("key", "from", "before")})
        vouched = holds(one.get("before") or "", one.get("endorsement") or "", statement)
        if one.get("before") in found and vouched:
            found.add(one["key"])
    return found


def opened(content: bytes, trusted: set[str]) -> tuple[dict[str, Any], str, list[dict[str, str]]]:
    """Return manifest, its hash and the chain of one bundle, all checked."""
    members = unpack(content)
    manifest_bytes = members.pop("manifest.json", b"")
    manifest = read_json(manifest_bytes, "manifest.json")
    signed = read_json(members.pop("manifest.sig", b""), "manifest.sig")
    known = trusted_with(manifest.get("keys", []), trusted)
    key, signature = str(signed.get("key")), str(signed.get("signature"))
    written = {"algorithm": "ed25519", "key": key, "signature": signature}
    if signed != written or not holds(key, signature, manifest_bytes) or manifest["key"] != key:
        msg = "the signature does not hold"
        raise Fault(msg)
    if key not in known or signature != signature.lower():
        msg = f"unknown key {key}"
        raise Fault(msg)
    listed = [
        {"path": name, "bytes": len(what), "sha256": sha256(what)}
        for name, what in sorted(members.items())
    ]
    if listed != manifest["members"]:
        wrong = [one["path"] for one in listed if one not in manifest["members"]]
        msg = f"not the file that was signed: {wrong[0] if wrong else 'one is missing'}"
        raise Fault(msg)
    return manifest, sha256(manifest_bytes), chain_of(manifest, members.get("chain.csv", b""))


def chain_of(manifest: dict[str, Any], content: bytes) -> list[dict[str, str]]:
    """Return the chain before an edition; each head must follow from the one before."""
    lines = list(csv.DictReader(io.StringIO(content.decode())))
    head, past = START, None
    for number, line in enumerate(lines, 1):
        head = sha256(f"{head} {number} {line['kind']} {line['digest']}".encode())
        if (line["number"], line["head"]) != (str(number), head):
            msg = f"entry {number} of the chain does not follow"
            raise Fault(msg)
        past = line["digest"] if line["kind"] == "edition" else past
    if manifest["chain"] != {"entries": len(lines), "head": head} or past != manifest["previous"]:
        msg = "the chain does not end as the manifest says"
        raise Fault(msg)
    return lines


def keys_in(path: Path) -> set[str]:
    """Return the public keys of a PEM file in hexadecimal."""
    found = (load(block + b"\n") for block in PEM.findall(path.read_bytes()))
    return {key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex() for key in found}


def check(files: list[Path], trusted: set[str]) -> None:
    """Check each file, and that together they are one chain where they begin with edition 1."""
    past: list[dict[str, str]] = []
    before: str | None = None
    for at, path in enumerate(files, 1):
        manifest, digest, lines = opened(path.read_bytes(), trusted)
        whole = len(files) > 1 or manifest["number"] == 1
        if whole and (manifest["number"] != at or manifest["previous"] != before):
            msg = f"{path}: edition {at} is missing, or follows from another past"
            raise Fault(msg)
        if whole and lines[: len(past)] != past:
            msg = f"{path}: its chain is not the one that the edition before carried"
            raise Fault(msg)
        past, before = lines, digest
        sys.stdout.write(f"{path}: edition {manifest['number']} holds, manifest {digest}\n")


def main() -> int:
    """Read the call, check, and say the first fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bundle", nargs="+", type=Path)
    parser.add_argument("--key", required=True, type=Path, help="PEM file with the trusted keys")
    asked = parser.parse_args()
    try:
        check(asked.bundle, keys_in(asked.key))
    except (Fault, OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        sys.stderr.write(f"FAULT: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
