"""One service's user of the broker in wrong hands while money comes in: nothing believed or lost."""

from __future__ import annotations

import random
import re
import threading

import httpx

from dev.system import System
from ops.instances import SERVICES
from tests.faults.attacker import OWN, Attacker
from tests.faults.conftest import size
from tests.faults.house import House, wait_until

ROUNDS = 30
FORGED = re.compile(r'steward_messages_forged_total{queue="(\w+)"} ([0-9.]+)')


def count_forged(system: System) -> dict[str, float]:
    """What the gateway did not believe."""
    page = httpx.get(f"{system.url}/metrics").text
    return {what: float(count) for what, count in FORGED.findall(page)}


def keep_asking(house: House, is_over: threading.Event) -> None:
    """So that there are requests to sales for the attacker to look into."""
    while not is_over.is_set():
        house.client.get("/v1/products", limit=1)


def test_with_the_user_of_one_service_nothing_is_believed_and_nothing_is_lost(
    house: House, chance: random.Random
) -> None:
    documents = house.client.get("/openapi.json")["paths"].keys()
    attacker, is_over = Attacker(house.system.servers, chance), threading.Event()
    asking = threading.Thread(target=keep_asking, args=(house, is_over), daemon=True)
    asking.start()
    attacker.start()
    try:
        with house.payments(size(3000), rate=60):
            wait_until(lambda: attacker.rounds >= size(ROUNDS) * 3, 180)
    finally:
        attacker.stop()
        is_over.set()
        asking.join(10)

    assert attacker.let_through == {}
    assert min(attacker.tried.values()) >= size(ROUNDS) * 3
    assert [key for key in attacker.heard if not key.startswith(f"{OWN}.")] == []
    house.assert_books_agree()

    forged = count_forged(house.system)
    assert forged.get("replies", 0) > 0, "the attacker guessed no call that was under way"
    assert forged["announcements"] > 0
    assert house.client.get("/openapi.json")["paths"].keys() == documents
    ready = httpx.get(f"{house.system.url}/health/ready").json()
    assert set(ready["services"]) == set(SERVICES)
    assert (ready["status"], ready["missing"]) == ("ready", [])

    parked = {row[0] for row in house.ask("accounts", "SELECT DISTINCT event_id FROM parked")}
    assert parked == attacker.forged
    for service in SERVICES:
        handled = house.ask(service, "SELECT event_id FROM inbox")
        assert not attacker.forged.intersection(row[0] for row in handled), service
