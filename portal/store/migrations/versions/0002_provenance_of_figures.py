"""Sealed figures say which letter they came with, where a file was taken in on behalf."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO edition_provenance (
    edition_id, trade, institution_code, exam_kind, period, receipt,
    sender, document_no, received_on, entered_by, confirmed_by, scan_sha256
)
SELECT DISTINCT
    standing.edition_id, cell.trade, institution.code, cell.exam_kind, cell.period, receipt.number,
    receipt.sender, receipt.document_no, receipt.received_on,
    receipt.taken_in_by, receipt.confirmed_by, receipt.scan_sha256
FROM receipt
JOIN (
    SELECT receipt_id, institution_id, trade, exam_kind, period FROM exam_result
    UNION
    SELECT receipt_id, institution_id, trade, exam_kind, period FROM tally
    WHERE source = 'tallies'
) AS cell ON cell.receipt_id = receipt.id
JOIN institution ON institution.id = cell.institution_id
JOIN edition_standing AS standing
    ON standing.trade = cell.trade AND standing.institution_code = institution.code
JOIN edition ON edition.id = standing.edition_id
WHERE receipt.sender IS NOT NULL
    AND cell.period <= edition.period
    AND receipt.taken_in_at <= edition.composed_at
"""
"""Editions that were sealed before carry no list of their own: it is read from what stands."""


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "edition_provenance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("trade", sa.String(length=120), nullable=False),
        sa.Column("institution_code", sa.String(length=120), nullable=False),
        sa.Column("exam_kind", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_provenance_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_provenance")),
        sa.UniqueConstraint(
            "edition_id",
            "trade",
            "institution_code",
            "exam_kind",
            "period",
            "receipt",
            name="uq_edition_provenance_cell",
        ),
    )
    op.create_index(
        "ix_edition_provenance_institution",
        "edition_provenance",
        ["institution_code", "edition_id"],
        unique=False,
    )
    op.execute(sa.text(_FILL))
