"""Metrics for Prometheus: requests by route, RPC time, what was refused, what is under way."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from gateway.settings import counts_folder

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15)

_requests = Counter("steward_http_requests", "Requests answered", ["route", "status"])
_seconds = Histogram("steward_http_seconds", "Time to answer", ["route"], buckets=SECONDS)
_rpc_seconds = Histogram("steward_rpc_seconds", "Time of an RPC", ["service"], buckets=SECONDS)
_refused = Counter("steward_http_refused", "Requests refused by the gateway itself", ["code"])
_calls = Gauge("steward_rpc_under_way", "RPCs under way", multiprocess_mode="livesum")
_conflicts = Gauge("steward_route_conflicts", "Routes two services claim", multiprocess_mode="max")
_present = Gauge("steward_service_present", "Service present", ["service"], multiprocess_mode="min")
_forged = Counter("steward_messages_forged", "From another user than may send them", ["queue"])
_missing = Gauge(
    "steward_topology_missing", "Queues and exchanges missing", multiprocess_mode="max"
)
_unreachable = Gauge(
    "steward_services_unreachable", "Services that no call gets to", multiprocess_mode="max"
)
_different = Gauge(
    "steward_copy_differences",
    "Ranges of a copy that were found different when it was last compared",
    ["listener", "source", "event"],
    multiprocess_mode="mostrecent",
)
_children: dict[tuple[str, int], Counter] = {}
_timers: dict[str, Histogram] = {}
_rpc_timers: dict[str, Histogram] = {}


def count_request(route: str, status: int, seconds: float) -> None:
    """One request was answered; `route` is a template, never a client's path."""
    counter = _children.get((route, status))
    if counter is None:
        counter = _children[route, status] = _requests.labels(route, str(status))
    counter.inc()
    timer = _timers.get(route)
    if timer is None:
        timer = _timers[route] = _seconds.labels(route)
    timer.observe(seconds)


def count_rpc(service: str, seconds: float) -> None:
    """One RPC was answered."""
    timer = _rpc_timers.get(service)
    if timer is None:
        timer = _rpc_timers[service] = _rpc_seconds.labels(service)
    timer.observe(seconds)


def note_copy(listener: str, source: str, event: str, different: int) -> None:
    """A copy was compared."""
    _different.labels(listener, source, event).set(different)


def count_refused(code: str) -> None:
    """The gateway refused a request by itself (429, 503, 401, …)."""
    _refused.labels(code).inc()


def count_forged(queue: str) -> None:
    """A message came from somebody who may not say so."""
    _forged.labels(queue).inc()


def note_state(
    *, calls: int, conflicts: int, missing: int, unreachable: int, present: dict[str, bool]
) -> None:
    """What is so just now."""
    _calls.set(calls)
    _missing.set(missing)
    _unreachable.set(unreachable)
    _conflicts.set(conflicts)
    for service, is_present in present.items():
        _present.labels(service).set(is_present)


def render() -> tuple[bytes, bytes]:
    """The page and its content type; with several workers, of all of them together."""
    registry = REGISTRY
    if counts_folder() is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST.encode()
