"""Triggers: the database itself refuses to change what may only be added to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SETTLED = ("approved", "sent", "withdrawn")
"""States in which a draft's text stands still."""


def append_only(dialect: str, tables: Sequence[str]) -> Iterator[str]:
    """Statements that make `tables` append-only."""
    if dialect == "postgresql":
        yield _function("refuse_change", "a row here is never changed or removed")
    for table in tables:
        for event in ("UPDATE", "DELETE"):
            yield _refusal(dialect, f"{table}_no_{event.lower()}", event, table, "refuse_change", "")


def locked_with_draft(dialect: str, tables: Sequence[str]) -> Iterator[str]:
    """Statements that keep the rows of `tables` as they are while their draft is settled."""
    if dialect == "postgresql":
        yield _locking_function()
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            which = "NEW" if event == "INSERT" else "OLD"
            when = f"(SELECT state FROM drafts WHERE id = {which}.draft_id) IN {SETTLED}"
            yield _refusal(dialect, f"{table}_locked_{event.lower()}", event, table, "refuse_settled", when)


def _refusal(dialect: str, name: str, event: str, table: str, function: str, when: str) -> str:
    if dialect == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    condition = f" WHEN {when}" if when else ""
    message = "an approved text stands still" if when else "a row here is never changed or removed"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _function(name: str, message: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{message}'; END; $$ "
        "LANGUAGE plpgsql"
    )


def _locking_function() -> str:
    settled = ", ".join(f"'{state}'" for state in SETTLED)
    return f"""CREATE FUNCTION refuse_settled() RETURNS trigger AS $$
DECLARE held text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT state INTO held FROM drafts WHERE id = NEW.draft_id;
  ELSE
    SELECT state INTO held FROM drafts WHERE id = OLD.draft_id;
  END IF;
  IF held IN ({settled}) THEN
    RAISE EXCEPTION 'an approved text stands still';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END; $$ LANGUAGE plpgsql"""
