"""Keep no hash of a candidate's name, ticket and marks: nothing ever asked for them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.store.base import JsonValue

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLE = "exam_result"
_GONE = ("content_hash", "name_hash", "ticket_hash")
_SAID = (
    "institution_id", "trade", "exam_kind", "period", "attempt", "registered_on", "theory_on",
    "theory_score", "practical_on", "practical_score", "site", "status",
)  # fmt: skip
_SITTINGS = sa.table(_TABLE, *map(sa.column, ("natural_key", "content_hash", *_SAID)))
_AGAIN = sa.table(
    "said_again",
    *map(sa.column, ("id", "kind", "natural_key", "said")),
    sa.column("content", JsonValue),
)
_REPLACED = sa.table("replaced_row", *map(sa.column, ("id", "kind")), sa.column("content", JsonValue))


def upgrade() -> None:
    """Bring the schema up."""
    _tell_anew()
    _clean(_REPLACED)
    _clean(_AGAIN)
    # Not in batch mode, which would write the index of persons anew, in no order.
    for name in _GONE:
        op.drop_column(_TABLE, name)


def downgrade() -> None:
    """Take the schema back down; the hashes are gone for good, so that no row is told again."""
    for name in _GONE:
        gone = sa.Column(name, sa.String(64), nullable=False, server_default="")
        op.add_column(_TABLE, gone)


def _tell_anew() -> None:
    """Let what is said again be known by a hash of what it says, as from now on."""
    connection = op.get_bind()
    wanted = (_AGAIN.c.kind == "exams", _AGAIN.c.content.is_(None))
    standing = (
        sa.select(_AGAIN.c.id, *(_SITTINGS.c[name] for name in _SAID))
        .join(_SITTINGS, _SITTINGS.c.natural_key == _AGAIN.c.natural_key)
        .where(*wanted, _SITTINGS.c.content_hash == _AGAIN.c.said)
    )
    _say(dict(row) for row in connection.execute(standing).mappings().all())
    notes: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row in connection.execute(sa.select(_AGAIN).where(*wanted)):
        notes[row.natural_key, row.said].append(row.id)
    replaced = sa.select(_REPLACED.c.content).where(_REPLACED.c.kind == "exams")
    for content in connection.scalars(replaced).all() if notes else ():
        ids = notes.get((content["natural_key"], content.get("content_hash")), ())
        _say({"id": one, **content} for one in ids)


def _say(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        said = [row[name] for name in _SAID]
        digest = sha256(json.dumps(said, default=str).encode()).hexdigest()
        op.execute(sa.update(_AGAIN).where(_AGAIN.c.id == row["id"]).values(said=digest))


def _clean(table: sa.TableClause) -> None:
    """Take the hashes out of rows that are written down."""
    connection = op.get_bind()
    asked = sa.select(table.c.id, table.c.content).where(
        table.c.kind == "exams", table.c.content.is_not(None)
    )
    for row in connection.execute(asked).all():
        left = {name: value for name, value in row.content.items() if name not in _GONE}
        op.execute(sa.update(table).where(table.c.id == row.id).values(content=left))
