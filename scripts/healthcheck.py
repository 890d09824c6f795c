"""Leave with 0 when the portal on this machine answers ``/healthz``: ``healthcheck.py [PORT]``."""

from __future__ import annotations

import http.client
import os
import sys


def main(port: int) -> int:
    """Return 0 = the process lives, 1 = it does not answer so."""
    # A portal that trusts certain names only is asked by the first of them.
    names = os.environ.get("PORTAL_TRUSTED_HOSTS", "").split()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": names[0] if names else "localhost"})
        return int(connection.getresponse().status != http.client.OK)
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 8000))
