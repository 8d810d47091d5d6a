"""The whole system through HTTP while its processes, its broker and its databases are killed.

The oracle is the client's log of accepted payments: billing has those and no others, its books balance,
collections' copy of the items and the accounts' timelines say the same.
"""

from __future__ import annotations

import collections
import random
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ops.instances import SERVICES
from tests.faults.conftest import IS_FULL, size
from tests.faults.house import House, wait_until

READY_SECONDS = 10.0  # from the return of a server to a system that serves, on a calm machine
STARTING_SECONDS = 60.0
DOWN_SECONDS = 5


def test_no_payment_is_lost_or_doubled_when_billing_is_killed(
    house: House, chance: random.Random
) -> None:
    kills = size(20)
    with house.payments(size(10_000)) as count_accepted:
        for kill in range(kills):
            wait_until(lambda: count_accepted() >= size(10_000) * kill // kills, 120)  # noqa: B023
            time.sleep(chance.uniform(0.2, 1))
            house.system.kill(chance.choice(["billing", "billing-2"]))
    house.assert_books_agree()


def test_a_batch_sent_again_is_received_once_though_billing_is_killed_over_it(
    house: House, chance: random.Random
) -> None:
    lines = {f"line-{number}": house.payment(number) for number in range(1000)}
    batch = {"payments": [row | {"external_id": name} for name, row in lines.items()]}
    with ThreadPoolExecutor(2) as pool:
        sending = [pool.submit(house.client.post, "/v1/payment-batches", batch) for _ in range(2)]
        time.sleep(chance.uniform(0, 0.4))
        for replica in ("billing", "billing-2"):
            house.system.kill(replica)
        answers = [one.result() for one in sending]
    for answer in answers:
        received = [one["payment_id"] for one in answer["results"]]
        assert len(set(received)) == len(lines)
        house.accepted.update(zip(lines, received, strict=True))
    house.assert_books_agree()


def test_no_payment_is_lost_or_doubled_when_the_broker_is_killed(house: House) -> None:
    restarts = _list_restarts(house)
    with house.payments(size(3000), rate=60):
        for _ in range(size(5)):
            time.sleep(2)
            house.system.servers.kill_broker()
            time.sleep(DOWN_SECONDS)
            house.system.servers.start_broker()
    house.assert_books_agree()
    assert _list_restarts(house) == restarts


def test_no_payment_is_lost_or_doubled_when_postgres_is_killed(house: House) -> None:
    restarts = _list_restarts(house)
    with house.payments(size(3000), rate=100):
        for _ in range(size(5)):
            time.sleep(2)
            house.system.servers.kill_postgres()
            time.sleep(1)
            house.system.servers.start_postgres()
    house.assert_books_agree()
    assert _list_restarts(house) == restarts


def test_one_key_is_one_payment_however_many_send_it_at_once(
    house: House, chance: random.Random
) -> None:
    keys = [f"same-{chance.randrange(10**12)}-{number}" for number in range(size(1000))]

    def send(number: int, key: str) -> tuple[int, bytes]:
        answer = house.client.send("POST", "/v1/payments", house.payment(number), key=key)
        return answer.status, answer.body

    with ThreadPoolExecutor(50) as pool:
        for number, key in enumerate(keys):
            answers = list(pool.map(lambda _: send(number, key), range(50)))  # noqa: B023
            statuses = collections.Counter(status for status, _ in answers)
            assert set(statuses) <= {201, 409}, statuses
            assert len({body for status, body in answers if status == 201}) == 1
            payment = house.client.post("/v1/payments", house.payment(number), key=key)
            house.accepted[key] = payment["payment_id"]
        other = [pool.submit(send, number + 1, key) for number, key in enumerate(keys)]
        assert {one.result()[0] for one in other} == {422}
    house.assert_books_agree()


@pytest.mark.parametrize("server", ["broker", "postgres"])
def test_a_system_that_starts_before_its_servers_waits_for_them(house: House, server: str) -> None:
    supervisor, servers = house.system.supervisor, house.system.servers
    processes = [name for name in supervisor.children if name != "mailbox"]
    supervisor.stop(*processes)
    getattr(servers, f"kill_{server}")()
    restarts = _list_restarts(house)
    supervisor.start(*processes)
    wait_until(lambda: all(_is_alive(house, name) for name in processes), STARTING_SECONDS)
    time.sleep(size(60))
    assert all(_is_alive(house, name) for name in processes)
    assert not any(supervisor.is_ready(name) for name in processes)
    getattr(servers, f"start_{server}")()
    supervisor.wait_ready(*processes, seconds_max=READY_SECONDS if IS_FULL else STARTING_SECONDS)
    assert _list_restarts(house) == restarts
    with house.payments(20):
        pass
    house.assert_books_agree()


def _is_alive(house: House, name: str) -> bool:
    ready = house.system.supervisor.children[name].program.health
    assert ready is not None
    try:
        return httpx.get(ready.replace("/ready", "/live")).status_code == 200
    except httpx.TransportError:
        return False


def _list_restarts(house: House) -> dict[str, int]:
    children = house.system.supervisor.children
    return {name: children[name].restarts for name in children if name.startswith(SERVICES)}
