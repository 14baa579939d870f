"""What the database itself refuses: a change of state that no step made, and a rewritten history."""

from django.db import migrations

GUARD_STATE = """
CREATE FUNCTION orders_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT EXISTS (
        SELECT 1 FROM orders_allowedstep edge
        WHERE edge.routine = NEW.routine AND edge.source = OLD.state AND edge.target = NEW.state
          AND edge.step = current_setting('lasrutin.step', true)
    ) THEN
        RAISE EXCEPTION 'order %: no step leads from % to %', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.routine IS DISTINCT FROM OLD.routine OR NEW.number IS DISTINCT FROM OLD.number THEN
        RAISE EXCEPTION 'order %: routine and number never change', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_state BEFORE UPDATE ON orders_order FOR EACH ROW EXECUTE FUNCTION orders_guard_state();
"""
APPEND_ONLY = """
CREATE FUNCTION orders_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of orders is append-only' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION orders_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            GUARD_STATE,
            "DROP TRIGGER guard_state ON orders_order; DROP FUNCTION orders_guard_state();",
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER append_only ON orders_orderevent; DROP FUNCTION orders_append_only();",
        ),
    ]
