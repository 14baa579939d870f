"""The stage: plays all stories side by side, each event at its own time, so that everything happens in the order of time."""

import heapq
from datetime import datetime
from itertools import count

from orders.demo.town import Town
from orders.demo.walk import Script, Story, Walk


class Stage:
    """Stories by the time at which they go on."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._turns = count()
        self._waiting: list[tuple[datetime, int, Script]] = []

    def add(self, story: Story) -> None:
        """Let a story begin at the first time that it yields."""
        number = next(self._turns)
        self._go_on(story(Walk(self.town, number)), number)

    def play(self) -> None:
        """Everything until now."""
        clock = self.town.clock
        clock.present = self._waiting[0][0]
        while self._waiting:
            moment, number, script = heapq.heappop(self._waiting)
            if moment < clock.present:
                raise ValueError(f"Story {number} goes back from {clock.present} to {moment}.")
            clock.present = moment
            self._go_on(script, number)

    def _go_on(self, script: Script, number: int) -> None:
        moment = next(script, None)
        if moment is None:
            return
        if moment > self.town.clock.made_at:
            raise ValueError(f"Story {number} goes on at {moment}, which has not been yet.")
        heapq.heappush(self._waiting, (moment, number, script))
