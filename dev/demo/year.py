"""The year: what is there before it begins, and then one day after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from dev.demo import monthly, story
from dev.demo.business import FIRST_DAY, LAST_DAY, list_clients
from dev.demo.business import Client as Buyer
from dev.demo.care import care_for
from dev.demo.complaints import decide
from dev.demo.dealings import deal
from dev.demo.desk import OPENS_AT, Desk, Sight
from dev.demo.house import is_open, list_managers
from dev.demo.mornings import work_through
from dev.demo.people import furnish, happen
from dev.demo.trading import find_deeds
from ops.client import Client

CONNECTIONS = 8
BEGIN = datetime.combine(FIRST_DAY, OPENS_AT)
END = datetime.combine(LAST_DAY + timedelta(days=1), time(2, 5), UTC)
"""Five minutes after the last report of what is in stock, in the house's first night of the next year."""


class Year:
    """Plays the year into a system, from the day at which the system stands."""

    def __init__(self, client: Client, papers: Path) -> None:
        """Take the gateway, and where papers are left; `play` does the rest."""
        self._client = client
        self._papers = papers
        self._clients = {one.number: one for one in list_clients()}
        self._now = datetime.min.replace(tzinfo=UTC)
        self.failures: list[str] = []

    def play(self, show: Callable[[date], None]) -> None:
        """Play every day that is left; weekends pass by themselves."""
        self._now = self._client.read_clock() or self._now
        if self._now >= END:
            return
        day = max(self._now, BEGIN).date()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            desk = Desk(self._client, pool, self._papers)
            desk.day = day
            if day == FIRST_DAY:
                self._go_to(BEGIN)
                furnish(desk)
            desk.meet()
            while day <= LAST_DAY:
                desk.day = day
                if day.weekday() < 5:
                    self._go_to(desk.now)
                    self._play_day(desk)
                show(day)
                day += timedelta(days=1)
            self._go_to(END)
            self.failures = desk.failures

    def _play_day(self, desk: Desk) -> None:
        owners = list_managers(desk.day) if is_open(desk.day) else []
        if owners:
            desk.at_once([partial(happen, desk)])
        working = desk.begin(partial(work_through, desk, name, self._clients) for name in owners)
        sight = desk.look()
        desk.finish(working)
        cases = (case for of_one in sight.cases.values() for case in of_one)
        if owners and any(case["status"] == "in_approval" for case in cases):
            desk.at_once([partial(decide, desk)])
        meetings = (partial(_meet, desk, client, sight) for client in self._clients.values())
        deeds = (partial(act, desk) for act in find_deeds(desk.day))
        desk.at_once([*deeds, *meetings])
        for at, act in (*monthly.list_moments(desk.day), *story.list_moments(desk.day)):
            self._go_to(at)
            desk.at_once([partial(act, desk)])

    def _go_to(self, moment: datetime) -> None:
        """Move the clock, unless it was there before the story was stopped."""
        if self._now < moment:
            self._client.move_clock(moment)
            self._now = moment


def _meet(desk: Desk, client: Buyer, sight: Sight) -> None:
    """All that happens between the house and a client on a day."""
    deal(desk, client, desk.staff[client.manager], sight)
    care_for(desk, client, sight)
