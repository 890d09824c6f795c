"""What ``scripts/serve`` says once the portal answers: the address and the accounts.

``greeting.py HOST PORT ACCOUNTS.json``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

COLUMNS = ("role", "name", "username", "password", "totp_secret")


def table(accounts: list[dict[str, str | None]]) -> list[str]:
    """Return one line per account, columns aligned."""
    shown = [name for name in COLUMNS if any(account.get(name) for account in accounts)]
    rows = [shown, *([account.get(name) or "" for name in shown] for account in accounts)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(shown))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def main(host: str, port: str, path: str) -> None:
    """Print the greeting."""
    accounts = json.loads(Path(path).read_text(encoding="utf-8"))
    shown = f"[{host}]" if ":" in host else host
    lines = [f"http://{shown}:{port}/", "", *table(accounts), f"({path})", ""]
    sys.stdout.write("\n".join(line.rstrip() for line in lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
