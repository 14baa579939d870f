"""What the template draws: rectangles, text in them, lines between them, in whole pixels."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LINE = 18

Point = tuple[int, int]


@dataclass(frozen=True)
class Text:
    """Lines under each other, each with its place."""

    x: int
    y: int
    lines: list[str]
    line: int = LINE

    @property
    def rows(self) -> list[tuple[int, str]]:
        """Each line with its height on the page."""
        return [(self.y + number * self.line, text) for number, text in enumerate(self.lines)]


@dataclass
class Shape:
    """A box, a band or an end: a rectangle with text in it."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    texts: list[tuple[str, Text]] = field(default_factory=list)
    marked: str = ""

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Half-way across."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Line:
    """An arrow, or the dashed line of a step that is open in several bands."""

    kind: str
    points: list[Point]

    @property
    def path(self) -> str:
        """As SVG spells it."""
        return "M" + "L".join(f"{x} {y}" for x, y in self.points)

    def meets(self, top: int, bottom: int) -> bool:
        """Whether any of it lies between two heights."""
        heights = [y for _x, y in self.points]
        return min(heights) <= bottom and max(heights) >= top


@dataclass
class Picture:
    """All of it, or the part that fits on one sheet of paper. `top` is where the part begins."""

    title: str
    about: str
    width: int
    top: int = 0
    height: int = 0
    heads: list[Shape] = field(default_factory=list)
    lanes: list[Shape] = field(default_factory=list)
    bands: list[Shape] = field(default_factory=list)
    boxes: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def box(self) -> str:
        """The part of the drawing that is shown, as SVG spells it."""
        return f"0 {self.top} {self.width} {self.height}"

    def part(self, number: int, top: int, bottom: int, *, of: int) -> "Picture":
        """What lies between two heights."""

        def within(shapes: list[Shape]) -> list[Shape]:
            return [shape for shape in shapes if top <= shape.y < bottom]

        title = _("%(title)s, del %(number)s av %(of)s") % {"title": self.title, "number": number, "of": of}
        lines = [line for line in self.lines if line.meets(top, bottom)]
        return Picture(
            title, self.about, self.width, top, bottom - top, within(self.heads), self.lanes, within(self.bands),
            within(self.boxes), lines,
        )  # fmt: skip
