"""Which way each arrow takes: out of its box, along a gutter, and down into the band it leads to."""

from collections.abc import Iterator
from dataclasses import dataclass

from orders.diagram.graph import END, Box, Graph
from orders.diagram.tracks import Gutter


@dataclass(frozen=True)
class Way:
    """An arrow from a box into a state. `gutter` is None where it goes straight down into the next band."""

    box: Box
    state: str
    band: int
    gutter: int | None

    @property
    def returns(self) -> bool:
        """Whether it leads back, or stays."""
        return self.band <= self.box.band


@dataclass(frozen=True)
class Entry:
    """Where an arrow into a state ends: at a box, or at the end pill. `beside` when a box above it is in the way."""

    state: str
    band: int
    lane: int
    box: Box | None
    beside: bool


class Routes:
    """All arrows of a picture, with the gutters they run in."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.gutters = [Gutter() for _lane in range(len(graph.lanes) + 1)]
        states = {str(box.step.target): None for box in self._moving()}
        self.entries = {state: list(self._entries(state)) for state in states}
        self.ways = [self._way(box) for box in self._moving()]
        for state, entries in self.entries.items():
            for entry in entries:
                if entry.beside:
                    self.gutters[entry.lane].add(("in", state), 2 * entry.band, 2 * entry.band + 1)
        for box in graph.boxes:
            if self.has_span(box):
                self.gutters[box.lane + 1].add(self.span_key(box), 2 * box.first + 1, 2 * box.last + 1)
        for gutter in self.gutters:
            gutter.settle()

    @staticmethod
    def key(way: Way) -> tuple[str, str]:
        """Arrows into one state share their track."""
        return ("to", way.state)

    @staticmethod
    def span_key(box: Box) -> tuple[str, int, int]:
        """Boxes that are open in the same bands share their line."""
        return ("span", box.first, box.last)

    def has_span(self, box: Box) -> bool:
        """Whether a box is open in more bands than its own, and stands in one of them."""
        return box.first != box.last and box.first <= box.band <= box.last

    def stack(self, box: Box) -> list[Box]:
        """The boxes of the same band and lane, from the top."""
        return [other for other in self.graph.within(box.band) if other.lane == box.lane]

    def _moving(self) -> list[Box]:
        last = self.graph.band_of(END)
        return [box for box in self.graph.boxes if box.step.target is not None and box.band < last]

    def _entries(self, state: str) -> Iterator[Entry]:
        band = self.graph.band_of(state)
        above: set[int] = set()
        for end in self.graph.ends:
            if end.state == state:
                yield Entry(state, band, end.lane, None, beside=end.lane in above)
            above.add(end.lane)
        arrivals = self.graph.arrivals(state)
        for box in arrivals or [box for box in self.graph.within(band) if state in box.step.sources]:
            yield Entry(state, band, box.lane, box, beside=self.stack(box)[0] is not box)

    def _way(self, box: Box) -> Way:
        state = str(box.step.target)
        band = self.graph.band_of(state)
        free_below = self.stack(box)[-1] is box and not box.opens
        if free_below and band == box.band + 1:
            return Way(box, state, band, None)
        lanes = [entry.lane for entry in self.entries[state]]
        leftward = bool(lanes) and sum(lanes) / len(lanes) < box.lane
        gutter = box.lane if leftward else box.lane + 1
        self.gutters[gutter].add(("to", state), 2 * box.band + 1, 2 * band)
        return Way(box, state, band, gutter)
