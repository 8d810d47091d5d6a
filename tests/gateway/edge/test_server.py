"""The process: how it stops, several workers, health and metrics."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kernel.ids import new_id
from tests.gateway.fake_service import FakeService, Received, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

MakeGateway = Callable[..., RunningGateway]


def test_requests_under_way_are_finished_when_it_is_told_to_stop(
    make_gateway: MakeGateway, things: FakeService, admin_key: str
) -> None:
    gateway = make_gateway()
    gateway.start()
    gateway.wait_for("things")
    began, go_on = threading.Event(), threading.Event()

    def work(_: Received) -> dict[str, object]:
        began.set()
        go_on.wait(10)
        return {"thing_id": "thg_1"}

    things.methods["make_thing"] = work
    with gateway.client(admin_key) as client, ThreadPoolExecutor() as pool:
        idle = gateway.client(admin_key)
        idle.get("/health/live")
        waiting = pool.submit(client.post, "/v1/things", json={})
        assert began.wait(5)
        process = gateway.terminate()
        wait_until(lambda: not _is_listening(gateway))
        assert process.poll() is None
        go_on.set()
        assert waiting.result(10).status_code == 201
    assert process.wait(10) == 0
    idle.close()


def _is_listening(gateway: RunningGateway) -> bool:
    try:
        httpx.get(f"{gateway.url}/health/live")
    except httpx.TransportError:
        return False
    return True


def test_several_workers_share_the_load_and_the_counts_and_are_replaced(
    make_gateway: MakeGateway, things: FakeService, admin_key: str
) -> None:
    gateway = make_gateway(STEWARD_WORKERS="2")
    gateway.start()
    gateway.wait_for("things")

    def get(_: int) -> int:
        with gateway.client(admin_key) as client:
            return client.get("/v1/things").status_code

    def all_answer() -> bool:
        with ThreadPoolExecutor(10) as pool:
            return set(pool.map(get, range(20))) == {200}

    wait_until(all_answer)
    line = 'steward_http_requests_total{route="GET /v1/things",status="200"}'
    counts = [
        float(text.partition(line)[2].split()[0])
        for text in (httpx.get(f"{gateway.url}/metrics").text for _ in range(10))
    ]
    assert min(counts) >= 20  # whichever worker answers
    workers = _children(gateway.pid)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    wait_until(lambda: len(set(_children(gateway.pid)) - {workers[0]}) == 2)
    wait_until(all_answer)
    workers = _children(gateway.pid)
    assert gateway.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def _children(pid: int) -> list[int]:
    """The workers: children of the process that are no helper of Python's."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child)
        for child in found
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        and Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    ]


def test_a_worker_ends_when_its_parent_is_killed(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(STEWARD_WORKERS="2")
    gateway.start()
    workers = _children(gateway.pid)
    os.kill(gateway.pid, signal.SIGKILL)
    gateway.stop()
    wait_until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in workers))


TOLD_WHILE_STARTING = """
import os, signal, sys
from gateway import __main__
from gateway.edge import server
run = server.Server.run
server.Server.run = lambda *given, **more: (os.kill(os.getpid(), signal.SIGTERM), run(*given, **more))
sys.exit(__main__.main(["run"]))
"""


def test_who_is_told_to_stop_while_starting_stops(make_gateway: MakeGateway) -> None:
    gateway = make_gateway()
    ended = subprocess.run(
        [sys.executable, "-c", TOLD_WHILE_STARTING], env=gateway.environment, timeout=20
    )
    assert ended.returncode == 0


def test_health_tells_each_part(gateway: RunningGateway) -> None:
    assert httpx.get(f"{gateway.url}/health/live").json() == {"status": "live"}
    answer = httpx.get(f"{gateway.url}/health/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ready")
    assert (told["broker"], told["database"]) == ("up", "up")
    assert told["services"]["things"] == "present"


def test_metrics_count_by_route_and_never_by_a_clients_path(
    gateway: RunningGateway, client: httpx.Client
) -> None:
    client.get("/v1/things/thg_secret")
    client.get("/v1/secret-path")
    text = httpx.get(f"{gateway.url}/metrics").text
    assert 'steward_http_requests_total{route="GET /v1/things/{thing_id}",status="200"}' in text
    assert 'steward_http_requests_total{route="(no route)",status="404"}' in text
    assert 'steward_rpc_seconds_count{service="things"}' in text
    wait_until(
        lambda: (
            'steward_service_present{service="things"} 1.0'
            in httpx.get(f"{gateway.url}/metrics").text
        )
    )
    assert "secret" not in text


def test_metrics_from_afar_need_a_key(gateway: RunningGateway, admin_key: str) -> None:
    through_a_proxy = {"X-Forwarded-For": "10.0.0.1"}
    metrics = f"{gateway.url}/metrics"
    assert httpx.get(metrics, headers=through_a_proxy).status_code == 401
    plain = {"Authorization": f"Bearer {gateway.make_key('things:read')}"}
    assert httpx.get(metrics, headers={**through_a_proxy, **plain}).status_code == 403
    some = gateway.make_key("metrics:read", "--accounts", new_id("acc"))
    limited = {"Authorization": f"Bearer {some}"}
    assert httpx.get(metrics, headers={**through_a_proxy, **limited}).status_code == 403
    may = {"Authorization": f"Bearer {gateway.make_key('metrics:read')}"}
    assert httpx.get(metrics, headers={**through_a_proxy, **may}).status_code == 200


def test_logs_can_be_text(make_gateway: MakeGateway, things: FakeService) -> None:
    gateway = make_gateway(STEWARD_LOG="text")
    gateway.start()
    answer = httpx.get(f"{gateway.url}/v1/nothing")
    time.sleep(0.3)
    line = next(
        line
        for line in gateway.log.read_text().splitlines()
        if answer.headers["X-Request-Id"] in line
    )
    assert "status=404" in line and not line.startswith("{")
    gateway.stop()


def test_an_address_in_use_is_told_in_one_line(
    make_gateway: MakeGateway, gateway: RunningGateway
) -> None:
    other = make_gateway()
    ended = subprocess.run(
        [sys.executable, "-m", "gateway", "run"],
        env={**other.environment, "STEWARD_PORT": str(gateway.port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("gateway: cannot listen on 127.0.0.1:")
