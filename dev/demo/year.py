"""The year: what is there before it begins, and then one day after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from dev.demo.business import FIRST_DAY, LAST_DAY, PRODUCTS, STAFF, list_clients
from dev.demo.dealings import deal
from dev.demo.desk import Desk
from ops.client import Client

CONNECTIONS = 8
BEGIN = datetime.combine(FIRST_DAY, time(8), UTC)
END = datetime.combine(LAST_DAY, time(23, 59), UTC)
CALL_ON = 0
OUTCOMES = ("will_pay", "reached", "left_message", "not_reached")


class Year:
    """Plays the year into a system, from the day at which the system stands."""

    def __init__(self, client: Client) -> None:
        """Take the gateway; `play` does the rest."""
        self._client = client
        self._clients = list_clients()
        self.failures: list[str] = []

    def play(self, show: Callable[[date], None]) -> None:
        """Play every day that is left; weekends pass by themselves."""
        now = self._client.read_clock() or BEGIN
        if now >= END:
            return
        day = now.date()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            desk = Desk(self._client, pool)
            desk.day = day
            if day == FIRST_DAY:
                self._move_clock(day)
                self._prepare(desk)
            owners = {one["name"]: one["staff_id"] for one in self._client.list("/v1/staff")}
            while day <= LAST_DAY:
                desk.day = day
                if day.weekday() < 5:
                    self._move_clock(day)
                    self._play_day(desk, owners)
                show(day)
                day += timedelta(days=1)
            self._client.move_clock(END)
            self.failures = desk.failures

    def _prepare(self, desk: Desk) -> None:
        """The house before its first client: people and products."""
        ids: dict[str | None, str | None] = {None: None}
        for name, role, superior in STAFF:
            mail = f"{name.lower().replace(' ', '.')}@steward.example"
            person = {"name": name, "email": mail, "role": role, "reports_to_id": ids[superior]}
            ids[name] = desk.do("/v1/staff", person)["staff_id"]
        for sku, name, price, tax in PRODUCTS:
            product = {"sku": sku, "name": name, "unit_price": price, "currency": "EUR"}
            desk.do("/v1/products", {**product, "tax_percent": tax})

    def _play_day(self, desk: Desk, owners: dict[str, str]) -> None:
        if desk.day.weekday() == CALL_ON:
            managers = sorted({client.manager for client in self._clients})
            desk.at_once(partial(_call_client, desk, owners[name]) for name in managers)
        sight = desk.look()
        desk.at_once(
            partial(deal, desk, client, owners[client.manager], sight) for client in self._clients
        )

    def _move_clock(self, day: date) -> None:
        self._client.move_clock(datetime.combine(day, BEGIN.timetz()))


def _call_client(desk: Desk, staff_id: str) -> None:
    """A manager calls the most urgent client on the list."""
    for line in desk.client.get("/v1/worklist", staff_id=staff_id, limit=1)["items"]:
        if line["reasons"][0]["kind"] == "overdue":
            outcome = OUTCOMES[(desk.day.toordinal() // 7) % len(OUTCOMES)]
            desk.do(f"/v1/worklist/{line['worklist_item_id']}/done", {"outcome": outcome})
