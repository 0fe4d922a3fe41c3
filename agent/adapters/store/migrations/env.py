"""Runs the revisions on the connection it is given, inside the caller's transaction."""

import sqlalchemy as sa
from alembic import context

from agent.adapters.store.tables import metadata
from agent.adapters.store.triggers import drop_triggers, install_triggers

connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
drop_triggers(connection)
context.run_migrations()
# A schema of the past, to be filled and brought up: today's rules speak of tables it has not.
if not context.config.attributes.get("is_on_the_way", False):
    install_triggers(connection)
