"""Runs the steps over the connection that `database.migrate` hands in."""

from __future__ import annotations

from alembic import context

from rag.records.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transactional_ddl=True,
)
context.run_migrations()
