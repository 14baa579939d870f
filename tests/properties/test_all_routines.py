"""Everybody does anything, in all routines at once, at the real pages: after each step the world still holds together.

Each routine has stories in which it is gone on with more often than the others, so that every one is begun and ended.
`EXPLORE=40 make test ARGS=tests/properties` looks for new stories of each; without it there are few, for every day.
"""

import logging
import os
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.municipality import BEGUN, Municipality

EXPLORE = int(os.environ.get("EXPLORE", "0"))
# The first story of each telling is the plainest there is, and says little.
STORIES, MOST = EXPLORE or 2, 8
STORY = settings(
    max_examples=STORIES, stateful_step_count=12, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(BEGUN))
def test_whatever_anybody_does_the_world_holds_together(clock, town, caplog, slug):
    seen: Counter[str] = Counter()
    told: dict[str, Any] = {"town": town, "clock": clock, "begun": clock.present, "seen": seen, "slug": slug}
    for telling in range(MOST):
        story = seed(random.random() if EXPLORE else f"{slug} {telling}")(type("Story", (Municipality,), told))
        with caplog.at_level(logging.ERROR, logger="orders"):
            run_state_machine_as_test(story, settings=STORY)
        if seen[f"{slug} ended"]:
            break
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    # The stories are worth telling: the routine was begun and came to an end.
    assert seen[f"{slug} ended"] > 0, seen
