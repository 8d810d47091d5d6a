"""How long an event takes from the commit that announces it to its effect in another service."""

import threading
import time
from contextlib import closing

import psycopg2

LOOK_SECONDS = 0.005
_ANNOUNCED = "SELECT event_id FROM outbox WHERE id > %s"
_HANDLED = "SELECT event_id FROM inbox WHERE handled_at > now() - interval '5 seconds'"


class Watch:
    """Looks at both databases every few milliseconds; what is seen there is committed."""

    def __init__(self, announcer_url: str, listener_url: str) -> None:
        self._urls = announcer_url, listener_url
        self._announced: dict[str, float] = {}
        self._handled: dict[str, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def count(self) -> int:
        """How many events were announced meanwhile."""
        return len(self._announced)

    def milliseconds(self) -> list[float]:
        """What each event that was heard took, the quickest first."""
        return sorted(
            max(0.0, 1000 * (self._handled[event_id] - announced))
            for event_id, announced in self._announced.items()
            if event_id in self._handled
        )

    def _look(self) -> None:
        announcer, listener = (psycopg2.connect(url) for url in self._urls)
        with closing(announcer), closing(listener):
            announcer.autocommit = listener.autocommit = True
            announced, handled = announcer.cursor(), listener.cursor()
            announced.execute("SELECT coalesce(max(id), 0) FROM outbox")
            [first] = announced.fetchone() or [0]
            while not self._is_over.wait(LOOK_SECONDS):
                for cursor, query, seen in (
                    (announced, _ANNOUNCED, self._announced),
                    (handled, _HANDLED, self._handled),
                ):
                    cursor.execute(query, (first,))
                    now = time.perf_counter()
                    for (event_id,) in cursor.fetchall():
                        seen.setdefault(event_id, now)
