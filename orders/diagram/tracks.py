"""Room for lines between the lanes: lines that would lie on each other get tracks of their own.

Positions are counted, not measured: 2k is the channel above band k, 2k + 1 the band itself.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

STEP = 10


@dataclass
class Gutter:
    """The room to the left of a lane, or to the right of the last one. Lines with one key share a track."""

    spans: dict[Hashable, tuple[int, int]] = field(default_factory=dict)
    track: dict[Hashable, int] = field(default_factory=dict)
    left: int = 0

    def add(self, key: Hashable, start: int, end: int) -> None:
        """Ask for room from one position to another."""
        low, high = min(start, end), max(start, end)
        known = self.spans.get(key, (low, high))
        self.spans[key] = (min(low, known[0]), max(high, known[1]))

    def settle(self) -> None:
        """Give every line the first track that is free all its way; short lines first, next to the boxes."""
        taken: list[list[tuple[int, int]]] = []
        for key, (low, high) in sorted(
            self.spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1], str(item[0]))
        ):
            free = (n for n, spans in enumerate(taken) if all(high < other[0] or low > other[1] for other in spans))
            number = next(free, len(taken))
            if number == len(taken):
                taken.append([])
            taken[number].append((low, high))
            self.track[key] = number

    @property
    def width(self) -> int:
        """How much room the tracks need."""
        return STEP * (max(self.track.values(), default=-1) + 2) + 4

    def x_of(self, key: Hashable) -> int:
        """Where a line runs."""
        return self.left + STEP + 2 + STEP * self.track[key]
