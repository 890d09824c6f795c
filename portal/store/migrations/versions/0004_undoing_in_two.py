"""What two regulators entered, two regulators can take back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.store.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "undo_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_undo_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_undo_request_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo_request")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_undo_request_receipt_id")),
    )
    op.create_index(
        op.f("ix_undo_request_asked_by_id"), "undo_request", ["asked_by_id"], unique=False
    )
