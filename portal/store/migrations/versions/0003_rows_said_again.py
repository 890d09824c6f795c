"""A row that two files say stands as long as one of them does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.base import JsonValue

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "said_again",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("natural_key", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("content", JsonValue, nullable=True),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_said_again_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said_again")),
        sa.UniqueConstraint(
            "receipt_id", "natural_key", name=op.f("uq_said_again_receipt_id_natural_key")
        ),
    )
    op.create_index(
        "ix_said_again_natural_key", "said_again", ["natural_key", "kind"], unique=False
    )
