"""Point by point: each point of a statement has its own answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; each statement there is becomes its own only point."""
    op.create_table(
        "statement_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(adopted IS NULL) = (reasons IS NULL)",
            name=op.f("ck_statement_point_answered_with_reasons"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_statement_point_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_point")),
        sa.UniqueConstraint(
            "case_id", "number", name=op.f("uq_statement_point_case_id_number")
        ),
    )
    op.create_index(op.f("ix_statement_point_case_id"), "statement_point", ["case_id"])
    op.execute(
        "INSERT INTO statement_point (case_id, number, words, adopted, reasons)"
        " SELECT id, 1, statement, statement_adopted, statement_answer"
        " FROM case_file WHERE statement IS NOT NULL"
    )
