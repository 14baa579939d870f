"""A routine's picture as it is laid out: every step in its lane, every move an arrow, nothing on anything else."""

import itertools

import pytest

from lasrutin.roles import Role
from orders.diagram import draw, graph_of
from orders.diagram.graph import ANY_TIME
from orders.diagram.layout import TALLEST
from orders.diagram.routes import Routes
from orders.diagram.text import width, wrap
from orders.models import Order
from orders.models.routine import NEW

ROLES = [role.value for role in Role]
SLUGS = sorted(Order.registry)
drawn = pytest.mark.parametrize("slug", SLUGS)


@drawn
def test_every_step_is_a_box_in_the_lane_of_its_role(slug):
    routine = Order.registry[slug]
    graph = graph_of(routine)

    assert {box.step.name for box in graph.boxes} == {step.name for step in routine.steps()}
    assert [box for box in graph.boxes if graph.lanes[box.lane] != box.step.role] == []
    assert {band.key for band in graph.bands} - {"start", "end", ANY_TIME} == set(routine.State.values) - routine.finals
    assert {end.state for end in graph.ends} == set(routine.finals)


@drawn
def test_a_step_stands_where_it_can_be_taken(slug):
    graph = graph_of(Order.registry[slug])
    for box in graph.boxes:
        key = graph.bands[box.band].key
        assert key in {*box.step.sources, ANY_TIME} or (key == "start" and NEW in box.step.sources), box.step.name


@drawn
def test_every_move_has_an_arrow_that_ends_somewhere(slug):
    routes = Routes(graph_of(Order.registry[slug]))
    moving = [box for box in routes.graph.boxes if box.step.target and routes.graph.bands[box.band].key != ANY_TIME]

    assert [way.box.step.name for way in routes.ways] == [box.step.name for box in moving]
    assert [state for state, entries in routes.entries.items() if not entries] == []


@drawn
def test_nothing_lies_on_anything_else_and_all_is_on_the_paper(slug):
    shapes = [shape for part in draw(graph_of(Order.registry[slug])) for shape in part.boxes]
    width_ = draw(graph_of(Order.registry[slug]))[0].width
    on_another = [
        (one.texts[0][1].lines, other.texts[0][1].lines)
        for number, one in enumerate(shapes)
        for other in shapes[number + 1 :]
        if one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom
    ]

    assert on_another == []
    assert [shape for shape in shapes if shape.x < 0 or shape.right > width_] == []


@drawn
def test_text_stays_in_its_box(slug):
    for part in draw(graph_of(Order.registry[slug])):
        for shape in part.boxes:
            for kind, text in shape.texts:
                size = 13 if kind == "small" else 15
                assert [line for line in text.lines if width(line, size) > shape.width] == []
                assert all(y <= shape.bottom for y, _line in text.rows)


@drawn
def test_a_broken_word_leaves_no_letters_that_nobody_reads(slug):
    shapes = [
        shape for part in draw(graph_of(Order.registry[slug])) for shape in [*part.heads, *part.bands, *part.boxes]
    ]
    texts = [text.lines for shape in shapes for _kind, text in shape.texts]
    broken = [(first, second) for lines in texts for first, second in itertools.pairwise(lines) if first.endswith("-")]

    assert [
        pair
        for pair in broken
        if any(len(part.strip("-").split(" ")[end]) < 3 for part, end in zip(pair, (-1, 0), strict=True))
    ] == []


@drawn
def test_no_line_runs_through_a_box(slug):
    for part in draw(graph_of(Order.registry[slug])):
        for line in part.lines:
            for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
                assert x1 == x2 or y1 == y2
                low, high = sorted([(x1, y1), (x2, y2)])
                through = [
                    shape for shape in part.boxes
                    if low[0] < shape.right - 1 and high[0] > shape.x + 1
                    and min(y1, y2) < shape.bottom - 1 and max(y1, y2) > shape.y + 1
                ]  # fmt: skip
                assert through == [], (line, [shape.texts[0][1].lines for shape in through])


def test_a_tall_picture_takes_as_many_sheets_as_it_needs_with_headings_on_each():
    sheets = draw(graph_of(Order.registry["new-lock"]))

    assert len(sheets) > 1
    assert [sheet.title.partition(", ")[2] for sheet in sheets] == [
        f"del {number} av {len(sheets)}" for number in range(1, len(sheets) + 1)
    ]
    assert [sheet.top + sheet.height for sheet in sheets[:-1]] == [sheet.top for sheet in sheets[1:]]
    heads = [[shape.texts[0][1].lines for shape in sheet.heads] for sheet in sheets]
    assert heads == [heads[0]] * len(sheets)
    assert max(sheet.height for sheet in sheets) <= TALLEST


@pytest.mark.parametrize(
    ("text", "within", "lines"),
    [
        ("Ta jobbet", 120, ["Ta jobbet"]),
        ("Biståndshandläggare", 110, ["Bistånds-", "handläggare"]),
        ("Beställ portlås av låssmeden", 120, ["Beställ portlås", "av låssmeden"]),
        ("Fastighetsägarens", 100, ["Fastighets-", "ägarens"]),
        ("→\N{NO-BREAK SPACE}Avbruten", 120, ["→\N{NO-BREAK SPACE}Avbruten"]),
        ("samordnaren", 90, ["samordna-", "ren"]),
        ("nedmonteringen", 120, ["nedmonte-", "ringen"]),
        ("→\N{NO-BREAK SPACE}Godkännande", 110, ["→\N{NO-BREAK SPACE}Godkän-", "nande"]),
        ("x" * 40, 100, None),
        ("", 100, []),
    ],
)
def test_labels_are_broken_into_lines(text, within, lines):
    broken = wrap(text, within=within, size=15)

    assert lines is None or broken == lines
    assert [line for line in broken if width(line, 15) > within] == []
