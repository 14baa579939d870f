"""What the picture shows, before anything has a place: bands of states, lanes of roles, boxes of steps, arrows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.roles import Role
from orders.effects import do
from orders.models import Order
from orders.models.routine import NEW
from orders.steps import Step

# The bands that are no state: where an order begins, ends, and what can be done along the way.
START, END, ANY_TIME = "start", "end", "any-time"
# A side step that is open in so many states is drawn once below, not with an arrow from each of them.
MANY = 4


@dataclass(frozen=True)
class Box:
    """A step with its place in the picture. `first` and `last` are the bands between which it is open."""

    step: Step
    lane: int
    band: int
    first: int
    last: int

    @property
    def kind(self) -> str:
        """How it is drawn: an ordinary task, one that the product does, one beside the path, another way."""
        if self.step.target is None:
            return "window"
        if self.step.automatic:
            return "auto"
        return "task" if self.step.awaited else "other"

    @property
    def leads_on(self) -> bool:
        """Whether the order goes on through it when nothing else is chosen."""
        return self.step.target is not None and (self.step.awaited or self.step.automatic)

    @property
    def opens(self) -> tuple[type[Order], ...]:
        """The routines of which it may open an order."""
        slugs = [slug for effect in self.step.effects if isinstance(effect, do) for slug in effect.opens]
        return tuple(Order.registry[slug] for slug in slugs if slug in Order.registry)


@dataclass(frozen=True)
class Band:
    """A state, or one of the bands around them."""

    key: str
    label: str


@dataclass(frozen=True)
class End:
    """A state in which nothing more happens."""

    state: str
    label: str
    lane: int


@dataclass(frozen=True)
class Graph:
    """A routine as a picture sees it. `boxes` stand in reading order: band by band, lane by lane."""

    routine: type[Order]
    lanes: list[Role | None]
    bands: list[Band]
    boxes: list[Box] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)

    def band_of(self, state: str) -> int:
        """The number of a state's band."""
        keys = [band.key for band in self.bands]
        return keys.index(state) if state in keys else keys.index(END)

    def within(self, band: int) -> list[Box]:
        """The boxes of a band."""
        return [box for box in self.boxes if box.band == band]

    def arrivals(self, state: str) -> list[Box]:
        """The boxes that an arrow into a state points at."""
        return [box for box in self.within(self.band_of(state)) if box.leads_on and state in box.step.sources]

    def lane_label(self, lane: int) -> str:
        """The role over a lane; the product's own lane stands last."""
        role = self.lanes[lane]
        return capfirst(str(role.label)) if role is not None else _("Låsrutin")


def graph_of(routine: type[Order]) -> Graph:
    """Read a routine's definition."""
    steps = routine.steps()
    used = {step.role for step in steps}
    lanes: list[Role | None] = [role for role in Role if role in used]
    lanes += [None] if None in used else []
    labels = {str(value): str(label) for value, label in routine.State.choices}
    states = [Band(state, labels[state]) for state in _in_order(routine, steps)]
    bands = [Band(START, _("Början")), *states, Band(END, _("Slut")), Band(ANY_TIME, _("När det behövs"))]
    if not any(_any_time(step) for step in steps):
        bands.pop()
    graph = Graph(routine, lanes, bands)
    for step in steps:
        graph.boxes.append(_box(graph, step, steps))
    graph.boxes.sort(key=lambda box: (box.band, box.lane, not box.leads_on, box.kind == "window"))
    graph.ends.extend(_ends(graph, labels))
    return graph


def _any_time(step: Step) -> bool:
    """Whether a step is a side step from almost anywhere: hand over, give back, cancel, pause."""
    beside = not step.awaited or (step.decision == "0005" and step.awaited_when is not None)
    return beside and NEW not in step.sources and (len(step.sources) >= MANY or step.decision == "0005")


def _in_order(routine: type[Order], steps: Iterable[Step]) -> list[str]:
    """The states that are not final, by the longest way to them. An arrow against the order of declaration returns."""
    declared = [str(state) for state in routine.State.values]
    place = {NEW: -1} | {state: number for number, state in enumerate(declared)}
    edges = [
        (source, str(step.target))
        for step in steps
        if step.target is not None and not _any_time(step)
        for source in step.sources
        if place[source] < place[step.target]
    ]
    layer = dict.fromkeys(place, 0)
    for state in sorted(place, key=lambda each: place[each]):
        for source, target in edges:
            if source == state:
                layer[target] = max(layer[target], layer[source] + 1)
    return sorted(
        (state for state in declared if state not in routine.finals), key=lambda each: (layer[each], place[each])
    )


def _box(graph: Graph, step: Step, steps: Sequence[Step]) -> Box:
    lane = graph.lanes.index(step.role)
    if NEW in step.sources:
        return Box(step, lane, 0, 0, 0)
    rows = sorted(graph.band_of(source) for source in step.sources)
    if _any_time(step):
        return Box(step, lane, graph.band_of(ANY_TIME), rows[0], rows[-1])
    home = rows[0] if step.target is None else graph.band_of(_home(graph, step, steps))
    return Box(step, lane, home, rows[0], rows[-1])


def _home(graph: Graph, step: Step, steps: Sequence[Step]) -> str:
    """Where a step that moves the order stands: where it alone leads on, else last on the ordinary path."""
    sources = sorted(step.sources, key=graph.band_of)
    led_on = {
        other.sources[0] for other in steps if len(other.sources) == 1 and other.awaited and other.target is not None
    }
    alone = [state for state in sources if state not in led_on]
    ordinary = [state for state in sources if state in graph.routine.track]
    return (alone or ordinary or sources)[-1]


def _ends(graph: Graph, labels: dict[str, str]) -> list[End]:
    """The final states, each in the lane from which the order first comes there."""
    ends = []
    for state, label in labels.items():
        if state in graph.routine.finals:
            lane = next((box.lane for box in graph.boxes if box.step.target == state), 0)
            ends.append(End(state, label, lane))
    return ends
