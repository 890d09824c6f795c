"""Find exam results by person and sitting with one index instead of three."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = "exam_result"
_SITTING = "uq_exam_result_person_hash_natural_key"


def upgrade() -> None:
    """Bring the schema up."""
    op.drop_index("ix_exam_result_person", _TABLE)
    op.drop_index("ix_exam_result_institution_id", _TABLE)
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint("uq_exam_result_natural_key", type_="unique")
        table.create_unique_constraint(_SITTING, ["person_hash", "natural_key"])


def downgrade() -> None:
    """Take the schema back down."""
    with op.batch_alter_table(_TABLE) as table:
        table.drop_constraint(_SITTING, type_="unique")
        table.create_unique_constraint("uq_exam_result_natural_key", ["natural_key"])
    op.create_index("ix_exam_result_institution_id", _TABLE, ["institution_id"])
    op.create_index("ix_exam_result_person", _TABLE, ["person_hash", "trade", "exam_kind"])
