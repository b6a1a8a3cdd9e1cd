"""New releases while leaders look: no failed request, no answer from a release that has gone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tests.dashboards.installation import Client, Installation
from tests.dashboards.tiny_release import point_current, publish

SWITCHES = 20
LEADERS = 6
DATASET = "Bản số liệu đang công bố"


@dataclass
class Watch:
    """What the leaders saw; ``published`` is the newest release that stood before a request began."""

    published: int = 0
    answers: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    failures: list[str] = field(default_factory=list[str])
    done: threading.Event = field(default_factory=threading.Event)

    def look(self, client: Client, dataset: int) -> None:
        """Ask until the end, the same question each time, so that it is answered from the cache."""
        while not self.done.is_set():
            before = self.published
            try:
                (row,) = client.rows(dataset, ["release_id"])
            except Exception as error:  # whatever a leader would have seen as an error
                self.failures.append(repr(error))
                return
            self.answers.append((before, _number(row["release_id"])))


def _name(number: int) -> str:
    return f"20251122T1800{number:02d}-01"


def _number(release_id: str) -> int:
    return int(release_id[13:15])


def test_twenty_releases_under_load(superset: Installation) -> None:
    home = superset.settings.paths
    for number in range(SWITCHES + 1):
        publish(home, _name(number), communes=3, days=10)
    point_current(home, _name(0))
    client = superset.client()
    dataset = client.dataset_id(DATASET)
    assert client.rows(dataset, ["release_id"]) == [{"release_id": _name(0)}]

    watch = Watch()
    leaders = [threading.Thread(target=watch.look, args=(superset.client(), dataset)) for _ in range(LEADERS)]
    for leader in leaders:
        leader.start()
    for number in range(1, SWITCHES + 1):
        seen = len(watch.answers)
        point_current(home, _name(number))
        watch.published = number
        while len(watch.answers) < seen + LEADERS and not watch.failures:
            watch.done.wait(0.01)
    watch.done.set()
    for leader in leaders:
        leader.join()

    assert watch.failures == []
    assert all(answered >= published for published, answered in watch.answers)
    assert {answered for _, answered in watch.answers} >= set(range(1, SWITCHES + 1))
