"""What the pages of editions and data link to is there: pages, bundles, keys and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from walk import Walk

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FOLLOWED = ("/editions", "/data", "/api/", "/rank/", "/i/")
MUST_MEET = ("/editions/2", "/api/v1/editions/2/bundle.zip", "/editions/keys.pem", "/api/v1/issues")


@pytest.mark.parametrize("root", ["", "/en"])
def test_every_link_about_editions_and_data_leads_somewhere(
    sealed_world: FlaskClient, root: str
) -> None:
    walk = Walk(sealed_world, root, lambda way: way.startswith(FOLLOWED))
    walk.go("/data", "/editions")
    assert not walk.lost
    met = {address.removeprefix(root).partition("?")[0] for address in walk.met}
    assert not [wanted for wanted in MUST_MEET if wanted not in met]
