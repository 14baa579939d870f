"""Foreign keys over two columns: the database knows a lock from a door unit, and a model from an accessory."""

from django.db import migrations


def same_kind(table: str, column: str, target: str) -> migrations.RunSQL:
    """Return the operation that makes a row carry the same kind as the row it points to."""
    return migrations.RunSQL(
        sql=f"ALTER TABLE {table} ADD CONSTRAINT {table}_same_kind"
        f" FOREIGN KEY ({column}, kind) REFERENCES {target} (id, kind);",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {table}_same_kind;",
    )
