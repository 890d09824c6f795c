"""Run the migrations on the connection that :func:`portal.store.schema.upgrade` opened."""

from __future__ import annotations

from alembic import context

from portal.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
