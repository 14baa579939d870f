"""Where everything stands, in whole pixels: lanes across, bands downwards, then the arrows between what stands."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from orders.diagram.figures import Figures
from orders.diagram.graph import ANY_TIME, END, Box, Graph
from orders.diagram.marks import Marks
from orders.diagram.routes import Entry, Routes, Way
from orders.diagram.shapes import LINE, Line, Picture, Point, Shape, Text
from orders.diagram.text import wrap

WIDTH, LABELS, WIDEST = 1180, 112, 190
SIZE, SMALL, SMALL_LINE = 15, 13, 16
PAD, GAP, CHANNEL, HEAD = 8, 10, 24, 52
END_LINE = 12
# Higher than this it takes another sheet of paper: a new row of headings stands where each begins. On the first the page's
# own heading stands above it.
ON_FIRST, TALLEST = 1515, 1590


def draw(graph: Graph, *, figures: Figures | None = None, marks: Marks | None = None) -> list[Picture]:
    """Place everything, in as many parts as it takes sheets: with figures of all orders, with the marks of one, where they are given."""
    plain = _Drawing(graph, figures or Figures(), marks or Marks()).picture
    if plain.height <= ON_FIRST:
        return [plain]
    for count in range(2, len(graph.bands) + 1):
        splits = _nearest(plain, [plain.height * number // count for number in range(1, count)])
        whole = _Drawing(graph, figures or Figures(), marks or Marks(), splits).picture
        edges = [0, *(whole.bands[split].y - HEAD for split in splits), whole.height]
        sheets = list(pairwise(edges))
        if sheets[0][1] <= ON_FIRST and all(bottom - top <= TALLEST for top, bottom in sheets):
            break
    return [whole.part(number, top, bottom, of=len(sheets)) for number, (top, bottom) in enumerate(sheets, 1)]


def _nearest(picture: Picture, heights: list[int]) -> list[int]:
    """The bands that begin nearest to some heights."""
    later = range(1, len(picture.bands))
    return sorted({min(later, key=lambda band: abs(picture.bands[band].y - height)) for height in heights})


class _Drawing:
    """One picture in the making: lanes across, bands downwards, then the arrows between what stands."""

    def __init__(self, graph: Graph, figures: Figures, marks: Marks, splits: Sequence[int] = ()) -> None:
        self.graph, self.figures, self.marks, self.splits = graph, figures, marks, splits
        self.routes = Routes(graph)
        self.placed: dict[str, Shape] = {}
        self.ends: dict[str, Shape] = {}
        self.channels: dict[str, int] = {}
        self.picture = Picture(_title(graph, marks), _about(graph), WIDTH)
        self._place_lanes()
        self._place_bands()
        self.picture.lanes = [Shape("lane", x - 4, 0, self.box_width + 8, self.picture.height) for x in self.lane_x]
        self._draw_spans()
        self._draw_arrows()
        self.picture.lines.sort(key=lambda line: ["span", "return", "way"].index(line.kind))

    def _place_lanes(self) -> None:
        count = len(self.graph.lanes)
        free = WIDTH - LABELS - sum(gutter.width for gutter in self.routes.gutters)
        self.box_width = min(WIDEST, max(112, free // count))
        x = LABELS
        self.lane_x: list[int] = []
        for number, gutter in enumerate(self.routes.gutters):
            gutter.left = x
            x += gutter.width
            if number < count:
                self.lane_x.append(x)
                x += self.box_width
        self.picture.width = x

    def _place_heads(self, y: int) -> int:
        """A row of role names."""
        for number, x in enumerate(self.lane_x):
            lines = wrap(self.graph.lane_label(number), within=self.box_width, size=SIZE)
            head = Shape("head", x, y, self.box_width, HEAD - 8)
            head.texts.append(("bold", Text(head.middle, y + (HEAD - 8 - LINE * len(lines)) // 2 + SIZE, lines)))
            self.picture.heads.append(head)
        return y + HEAD

    def _place_bands(self) -> None:
        y = self._place_heads(0)
        for number, band in enumerate(self.graph.bands):
            if number in self.splits:
                y = self._place_heads(y)
            top = y
            y = self._channel(number, y)
            if band.key == END:
                y = self._place_ends(y)
            else:
                y = max([self._place_stack(number, lane, y) for lane in range(len(self.graph.lanes))] + [y])
            y = max(y + GAP // 2, self._place_band(band.key, band.label, top, y))
            self.picture.bands[-1].height = y - top
        self.picture.height = y

    def _channel(self, band: int, y: int) -> int:
        """The room above a band in which its arrows come in; at the end each final state has a line of its own."""
        states = [state for state, entries in self.routes.entries.items() if self.graph.band_of(state) == band]
        for number, state in enumerate(states):
            self.channels[state] = y + END_LINE * (number + 1)
        return y + END_LINE * (len(states) - 1) + CHANNEL if states else y + GAP

    def _place_band(self, key: str, label: str, top: int, bottom: int) -> int:
        shape = Shape("band", 0, top, self.picture.width, bottom - top)
        size = LABELS - PAD - 6
        text = Text(PAD, top + GAP + SIZE, wrap(label, within=size, size=SIZE))
        shape.texts.append(("bold", text))
        notes = []
        figure = self.figures.states.get(key)
        if figure is not None:
            notes += wrap(figure.said, within=size, size=SMALL) + wrap(figure.age, within=size, size=SMALL)
        if key == self.marks.state:
            shape.marked = "here"
            notes += wrap(_("Ordern är här"), within=size, size=SMALL)
        small = Text(PAD, text.rows[-1][0] + SMALL_LINE + 2, notes, SMALL_LINE)
        shape.texts.append(("small", small))
        self.picture.bands.append(shape)
        return small.y + SMALL_LINE * max(0, len(notes) - 1) + GAP

    def _place_stack(self, band: int, lane: int, y: int) -> int:
        """The boxes of a lane in a band, under each other. Returns where the last one ends."""
        for box in self.graph.within(band):
            if box.lane == lane:
                shape = self._box(box, y)
                y = shape.bottom + GAP
                for routine in box.opens:
                    y = self._sub_order(str(routine.title), shape, y - GAP + 4) + GAP
        return y

    def _box(self, box: Box, y: int) -> Shape:
        step = box.step
        shape = Shape(box.kind, self.lane_x[box.lane], y, self.box_width, 0)
        inner = self.box_width - 2 * PAD
        label = Text(shape.x + PAD, y + PAD + SIZE - 2, wrap(str(step.label), within=inner, size=SIZE))
        notes = [line for note in self._notes(box) for line in wrap(note, within=inner, size=SMALL)]
        small = Text(shape.x + PAD, label.rows[-1][0] + SMALL_LINE, notes, SMALL_LINE)
        shape.texts += [("label", label), ("small", small)]
        shape.height = small.y - y + SMALL_LINE * (len(notes) - 1) + PAD - 1
        if step.name in self.marks.waits:
            shape.marked = "waits"
        elif step.name in self.marks.done:
            shape.marked = "done"
        self.picture.boxes.append(shape)
        self.placed[step.name] = shape
        return shape

    def _notes(self, box: Box) -> list[str]:
        """The small print of a box: the tasks of the routine and where it leads if that is not plain; what waits."""
        parts = [", ".join(box.step.rows)] if box.step.rows else []
        namesakes = [other for other in self.graph.boxes if other.step.label == box.step.label]
        if box.step.target and (self.graph.bands[box.band].key == ANY_TIME or len(namesakes) > 1):
            labels = {str(value): str(label) for value, label in self.graph.routine.State.choices}
            parts.append(f"→\N{NO-BREAK SPACE}{labels[box.step.target]}")
        figure = self.figures.steps.get(box.step.name)
        if figure is not None and box.kind == "window":
            return [" ".join(parts), _("%(count)s väntar, %(age)s") % {"count": figure.count, "age": figure.age}]
        return [" ".join(parts)]

    def _sub_order(self, title: str, parent: Shape, y: int) -> int:
        shape = Shape("sub", parent.x + PAD, y, parent.width - PAD, 0)
        lines = wrap(_("Egen order: %(title)s") % {"title": title.lower()}, within=shape.width - 2 * PAD, size=SMALL)
        shape.texts.append(("small", Text(shape.x + PAD, y + PAD + SMALL - 3, lines, SMALL_LINE)))
        shape.height = SMALL_LINE * len(lines) + PAD
        self.picture.boxes.append(shape)
        return shape.bottom

    def _place_ends(self, y: int) -> int:
        """The final states, each in its lane; two in one lane stand under each other."""
        bottoms: dict[int, int] = {}
        for end in self.graph.ends:
            top = bottoms.get(end.lane, y)
            lines = wrap(end.label, within=self.box_width - 2 * PAD, size=SIZE)
            shape = Shape("end", self.lane_x[end.lane], top, self.box_width, LINE * len(lines) + PAD)
            shape.texts.append(("bold", Text(shape.middle, top + PAD // 2 + SIZE - 1, lines)))
            shape.marked = "here" if end.state == self.marks.state else ""
            self.picture.boxes.append(shape)
            self.ends[end.state] = shape
            bottoms[end.lane] = shape.bottom + GAP // 2
        return max(bottoms.values(), default=y)

    def _draw_spans(self) -> None:
        """From a box that is open in several bands, a dashed line along them."""
        for box in self.graph.boxes:
            if self.routes.has_span(box):
                shape, x = self.placed[box.step.name], self.routes.gutters[box.lane + 1].x_of(self.routes.span_key(box))
                y = shape.bottom - 10
                top = self.picture.bands[box.first].y + GAP if box.first < box.band else y
                bottom = self.picture.bands[box.last].bottom - GAP if box.last > box.band else y
                for points in ([(shape.right, y), (x, y)], [(x, top), (x, bottom)], [(x - 4, top), (x + 4, top)],
                               [(x - 4, bottom), (x + 4, bottom)]):  # fmt: skip
                    self.picture.lines.append(Line("span", points))

    def _draw_arrows(self) -> None:
        for way in self.routes.ways:
            kind = "return" if way.returns else "way"
            ends: list[Entry | None] = [*self.routes.entries[way.state]]
            for entry in ends or [None]:
                self.picture.lines.append(Line(kind, self._out(way) + self._in(way.state, entry)))

    def _out(self, way: Way) -> list[Point]:
        """From the box to the line above the band that the arrow leads to."""
        shape, y = self.placed[way.box.step.name], self.channels[way.state]
        if way.gutter is None:
            return [(shape.middle, shape.bottom), (shape.middle, y)]
        x = self.routes.gutters[way.gutter].x_of(self.routes.key(way))
        half = shape.y + shape.height // 2 + 4
        return [(shape.right if way.gutter > way.box.lane else shape.x, half), (x, half), (x, y)]

    def _in(self, state: str, entry: Entry | None) -> list[Point]:
        """Along the line, and down to the box or the end."""
        y = self.channels[state]
        if entry is None:
            return [(LABELS, y)]
        shape = self.placed[entry.box.step.name] if entry.box else self.ends[state]
        if not entry.beside:
            return [(shape.middle, y), (shape.middle, shape.y)]
        x, at = self.routes.gutters[entry.lane].x_of(("in", state)), shape.y + shape.height // 2 - 6
        return [(x, y), (x, at), (shape.x, at)]


def _title(graph: Graph, marks: Marks) -> str:
    title = str(graph.routine.title)
    return (
        _("%(routine)s: order %(number)s i rutinens bild") % {"routine": title, "number": marks.number}
        if marks.number
        else _("Rutinens bild: %(routine)s") % {"routine": title.lower()}
    )


def _about(graph: Graph) -> str:
    roles = ", ".join(graph.lane_label(lane) for lane in range(len(graph.lanes)))
    return _("Banor för %(roles)s. %(count)s steg, uppifrån och ned. Samma steg står i tabellen under bilden.") % {
        "roles": roles, "count": len(graph.boxes),
    }  # fmt: skip
