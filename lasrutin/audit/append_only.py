"""Tables that are only ever added to: the database itself refuses a change."""

from django.db import migrations

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Return the operation that refuses UPDATE and DELETE on a table from now on."""
    return migrations.RunSQL(
        sql=_REFUSE
        + f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        + " FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )
