"""How long an event takes from the commit that announces it to its effect in another service."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2

from dev.bench.effects import wait_for_rest
from dev.bench.ground import Ground

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


def pay_steadily(ground: Ground, *, per_second: float, seconds: float) -> float:
    """Send payments at an even rate and wait for all that follows; the seconds that sending took."""
    started, paying = time.perf_counter(), []
    with ThreadPoolExecutor(8) as pool:
        for number in range(int(seconds * per_second)):
            body = ground.payment(ground.accounts[number % len(ground.accounts)])
            paying.append(pool.submit(ground.client.post, "/v1/payments", body))
            time.sleep(max(0.0, started + number / per_second - time.perf_counter()))
        took = time.perf_counter() - started
        for payment in paying:
            payment.result()
    wait_for_rest(ground.running)
    return took
