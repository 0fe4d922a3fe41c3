"""The rules as triggers of each engine: created by every migration, compared at every start."""

import sqlalchemy as sa

from agent.adapters.store.rule import Rule
from agent.adapters.store.rules import RULES, TRUNCATE_RULES

_HASH = "portevoix_text_sha256"
_HASH_BODY = (
    "SELECT encode(sha256(convert_to('{\"private\":' || coalesce(to_json(private_text)::text,"
    " 'null') || ',\"public\":' || coalesce(to_json(public_text)::text, 'null') || '}', 'UTF8')),"
    " 'hex')"
)
"""`agent.domain.drafts.text_sha256` in SQL: the two escape JSON strings alike."""
_KEPT_BODY = "SELECT (detail::jsonb - 'note' - 'override_reason' - 'report')::text"
"""`agent.adapters.store.details.kept_detail` in SQL."""
_FUNCTIONS = {
    _HASH: ("public_text text, private_text text", _HASH_BODY),
    "portevoix_kept_detail": ("detail text", _KEPT_BODY),
}
"""Name -> parameters and body; SQLite is given the same by each connection."""

_TYPE_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_BEFORE, _EACH_ROW = 2, 1


def rules_of(connection: sa.Connection) -> tuple[Rule, ...]:
    """Return the rules that hold on this engine."""
    return RULES if connection.dialect.name == "sqlite" else RULES + TRUNCATE_RULES


def install_triggers(connection: sa.Connection) -> None:
    """Create every trigger afresh. Needed after any table is rebuilt: SQLite drops them then."""
    drop_triggers(connection)
    if connection.dialect.name == "postgresql":
        for name in _FUNCTIONS:
            _run(connection, _postgres_function(name))
    for rule in rules_of(connection):
        for statement in _statements(connection, rule):
            _run(connection, statement)


def drop_triggers(connection: sa.Connection) -> None:
    """Drop every trigger, so that a migration may rebuild tables."""
    known = set(sa.inspect(connection).get_table_names())
    for rule in rules_of(connection):
        if rule.table in known:
            on = f" ON {rule.table}" if connection.dialect.name == "postgresql" else ""
            _run(connection, f"DROP TRIGGER IF EXISTS {rule.name}{on}")


def broken_triggers(connection: sa.Connection) -> tuple[str, ...]:
    """Return the names of triggers that are missing, switched off or not as written here."""
    if connection.dialect.name == "sqlite":
        return _broken_sqlite(connection)
    return _broken_postgres(connection)


def _run(connection: sa.Connection, statement: str) -> None:
    # A bare driver call: sa.text() would take the colons of a cast for parameters.
    connection.exec_driver_sql(statement)


def _statements(connection: sa.Connection, rule: Rule) -> tuple[str, ...]:
    if connection.dialect.name == "sqlite":
        return (_sqlite_trigger(rule),)
    each = "STATEMENT" if rule.event == "TRUNCATE" else "ROW"
    return (
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $body${_postgres_body(rule)}$body$",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}"
        f" FOR EACH {each} EXECUTE FUNCTION {rule.name}()",
    )


def _sqlite_trigger(rule: Rule) -> str:
    refusals = " ".join(
        f"SELECT RAISE(ABORT, '{_quoted(message)}') WHERE {condition};"
        for condition, message in rule.refusals
    )
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}"
        f" FOR EACH ROW BEGIN {refusals} END"
    )


def _postgres_body(rule: Rule) -> str:
    refusals = " ".join(
        f"IF {condition} THEN RAISE EXCEPTION '{_quoted(message)}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for condition, message in rule.refusals
    )
    result = "OLD" if rule.event == "DELETE" else "NEW"
    return f"BEGIN {refusals} RETURN {result}; END"


def _postgres_function(name: str) -> str:
    parameters, body = _FUNCTIONS[name]
    return (
        f"CREATE OR REPLACE FUNCTION {name}({parameters}) RETURNS text"
        f" LANGUAGE sql IMMUTABLE AS $body${body}$body$"
    )


def _quoted(message: str) -> str:
    return message.replace("'", "''")


def _broken_sqlite(connection: sa.Connection) -> tuple[str, ...]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {row.name: row.sql for row in rows}
    return tuple(rule.name for rule in RULES if found.get(rule.name) != _sqlite_trigger(rule))


_POSTGRES_TRIGGERS = sa.text(
    "SELECT t.tgname, t.tgtype, t.tgenabled, t.tgqual IS NULL AND t.tgattr = ''::int2vector,"
    " p.prosrc, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    " AND c.relnamespace = current_schema()::regnamespace"
)
_POSTGRES_FUNCTION = sa.text(
    "SELECT prosrc FROM pg_proc WHERE proname = :name"
    " AND pronamespace = current_schema()::regnamespace"
)


def _broken_postgres(connection: sa.Connection) -> tuple[str, ...]:
    found = {row[0]: tuple(row[1:]) for row in connection.execute(_POSTGRES_TRIGGERS)}
    broken = [rule.name for rule in rules_of(connection) if found.get(rule.name) != _wanted(rule)]
    for name, (_, body) in _FUNCTIONS.items():
        bodies = connection.execute(_POSTGRES_FUNCTION, {"name": name}).scalars().all()
        broken += [] if list(bodies) == [body] else [name]
    return tuple(broken)


def _wanted(rule: Rule) -> tuple[object, ...]:
    each_row = 0 if rule.event == "TRUNCATE" else _EACH_ROW
    bits = _BEFORE + each_row + _TYPE_BITS[rule.event]
    # Enabled "O": in every session that is not a replica's.
    return (bits, "O", True, _postgres_body(rule), rule.table)
