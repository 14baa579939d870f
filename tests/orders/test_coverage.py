"""No hole in the routine: every task is answered, and an answer that goes away is noticed."""

import io

import pytest
from django.core.management import CommandError, call_command

from lasrutin.roles import Role
from orders import answers, coverage
from orders.answers import DECLARED, code, command, page, rule, setting, template
from orders.coverage import DONE, holes
from orders.document import CHAPTERS, ROWS
from orders.means import CHANGES_PHONIRO, MAILED, TOLD_SECURELY
from orders.models import Order


def open_rows(table, chapters=DONE) -> list[str]:
    return [covered.row.id for covered in holes(table, chapters)]


class Without:
    """A routine without one of its steps, or with the effects of one taken away."""

    def __init__(self, routine, *, step="", effects_of=""):
        from dataclasses import replace

        self.slug, self.title = routine.slug, routine.title
        self.kept = [
            replace(each, effects=()) if each.name == effects_of else each
            for each in routine.steps()
            if each.name != step
        ]

    def steps(self):
        return self.kept


def registry_without(slug, **less):
    return {**Order.registry, slug: Without(Order.registry[slug], **less)}


def test_the_done_chapters_have_no_hole():
    assert {covered.row.id: covered.lack for covered in holes(coverage.coverage())} == {}


@pytest.mark.parametrize(
    ("slug", "step", "rows"),
    [
        ("new-lock", "file", ["1.1a", "1.1b", "1.1c", "1.1d"]),
        ("new-lock", "receipt_key", ["1.2a"]),
        ("new-lock", "order_mounting", ["1.3a"]),
        ("new-lock", "tell_coordinator", ["1.3c"]),
        ("new-lock", "try_again", []),
        ("new-lock", "add_phones", ["1.8"]),
        ("door-unit-in", "settle_time", ["1.10a"]),
        ("door-unit-in", "hand_out", ["1.10b"]),
        ("door-unit-in", "link", ["1.11"]),
    ],
)
def test_a_step_that_is_taken_away_makes_a_hole(slug, step, rows):
    found = open_rows(coverage.coverage(registry_without(slug, step=step)))

    assert set(rows) <= set(found)
    assert bool(found) == bool(rows)


def test_a_role_that_has_nothing_left_to_do_is_a_hole_though_others_have():
    table = coverage.coverage(registry_without("door-unit-in", step="hand_out"))

    assert table["1.10b"].missing == [Role.CARETAKER]
    assert (
        table["1.10b"].lack == "Inget för vaktmästare. Inget mejl till vaktmästare."
        or table["1.10b"].lack == "Inget för vaktmästare."
    )


@pytest.mark.parametrize(
    ("slug", "step", "row", "lack"),
    [
        ("new-lock", "order_mounting", "1.3a", "Inget mejl till vaktmästare, systemförvaltare."),
        ("new-lock", "tell_coordinator", "1.3c", "Inget säkert meddelande till samordnare, systemförvaltare."),
        ("new-lock", "link", "1.7b", "Inget ändras i Phoniro Care."),
        ("door-unit-in", "order_door_unit", "1.9b", "Inget mejl till låssmed."),
        ("door-unit-in", "link", "1.11", "Inget ändras i Phoniro Care."),
    ],
)
def test_a_step_that_no_longer_tells_anybody_is_a_hole(slug, step, row, lack):
    assert coverage.coverage(registry_without(slug, effects_of=step))[row].lack == lack


def test_without_any_routine_only_what_is_declared_is_left():
    table = coverage.coverage({})

    assert {row for row in ROWS if table[row].answers} <= {*DECLARED, "0.8"}
    assert set(open_rows(table, [1])) == {row for row in ROWS if row.startswith("1.")}


@pytest.mark.parametrize(
    "gone",
    [
        page("locks:no_such_page", ""), page("nowhere:list", ""), page("contacts_of_old", ""),
        rule("no_such_rule", ""), code("notifications.guard.no_such_function", ""), code("no.such.module", ""),
        template("notifications/mail/no_such.txt", ""), setting("people.Municipality.no_such_field", ""),
        setting("people.NoSuchModel.name", ""), command("no_such_command", ""), answers.clock("no-such-time", ""),
    ],
)  # fmt: skip
def test_what_is_declared_is_looked_up_and_never_believed(gone):
    assert gone.answer() is None
    assert open_rows(coverage.coverage(declared={**DECLARED, "9.1": (gone,)})) == ["9.1"]


def test_everything_that_is_declared_is_there():
    missing = [each.where for declared in DECLARED.values() for each in declared if each.answer() is None]

    assert missing == []


def test_a_mail_without_its_text_is_no_answer(monkeypatch):
    monkeypatch.setattr(coverage, "has_template", lambda name: "order_mounting" not in name)

    assert coverage.coverage()["1.3a"].lack == "Inget mejl till vaktmästare, systemförvaltare."


def test_what_the_document_asks_for_names_tasks_that_exist():
    named = {*MAILED, *TOLD_SECURELY, *CHANGES_PHONIRO, *DECLARED}

    assert named - set(ROWS) == set()


def run(*options) -> str:
    out = io.StringIO()
    call_command("routine_coverage", *options, stdout=out)
    return out.getvalue()


def test_the_command_prints_every_task_of_the_chapters():
    printed = run()
    wanted = [row.id for row in ROWS.values() if row.chapter in DONE]

    assert [
        line.split()[0] for line in printed.splitlines() if line[:3].startswith("  ") and line[2].isdigit()
    ] == wanted
    assert "HOLE" not in printed


def test_the_command_fails_on_a_hole(monkeypatch):
    monkeypatch.setattr(Order, "registry", registry_without("new-lock", step="add_phones"))

    with pytest.raises(CommandError, match=r"1\.8"):
        run()
    assert "9.1" in run("--chapters", "9")


@pytest.mark.parametrize("text", ["x", "1,x", "99", "-1"])
def test_the_command_takes_chapters_that_there_are(text):
    with pytest.raises(CommandError):
        run("--chapters", text)


def test_the_command_writes_the_document_that_is_kept(monkeypatch, tmp_path):
    from orders.management.commands import routine_coverage

    kept = routine_coverage.DOCUMENT.read_text()
    monkeypatch.setattr(routine_coverage, "DOCUMENT", tmp_path / "table.md")
    run("--write")
    written = (tmp_path / "table.md").read_text()
    assert written == kept

    assert [f"\n## {number}. {title}\n" in written for number, title in CHAPTERS.items()] == [True] * len(CHAPTERS)
    assert [row for row in ROWS if f"\n| {row} |" not in written] == []
