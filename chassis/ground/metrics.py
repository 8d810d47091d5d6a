"""What is measured of a service, for Prometheus."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RPC = Histogram(
    "steward_rpc_seconds",
    "RPC calls by method and outcome.",
    ["method", "outcome"],
    buckets=SECONDS,
    registry=REGISTRY,
)
TOGETHER = Histogram(
    "steward_commands_together",
    "Commands that were performed in one transaction, by method.",
    ["method"],
    buckets=(1, 2, 4, 8, 16, 32, 64),
    registry=REGISTRY,
)
HANDLED = Counter(
    "steward_events_handled",
    "Events by handler and outcome.",
    ["handler", "outcome"],
    registry=REGISTRY,
)
INBOX_LAG = Histogram(
    "steward_event_lag_seconds",
    "From an event's commit to its effect.",
    buckets=SECONDS,
    registry=REGISTRY,
)
DAILY = Histogram(
    "steward_daily_seconds", "Daily jobs by name.", ["job"], buckets=SECONDS, registry=REGISTRY
)
PERFORMED = Counter(
    "steward_due_times_performed",
    "Due times by handler and outcome.",
    ["handler", "outcome"],
    registry=REGISTRY,
)
DUE_LAG = Histogram(
    "steward_due_time_lag_seconds",
    "From a due time's instant to its effect.",
    buckets=SECONDS,
    registry=REGISTRY,
)
DUE_DEPTH = Gauge(
    "steward_due_times_depth",
    "Due times whose instant has come, of the next batch.",
    registry=REGISTRY,
)
OUTBOX_AGE = Gauge(
    "steward_outbox_age_seconds", "Age of the oldest event not yet published.", registry=REGISTRY
)
OUTBOX_DEPTH = Gauge(
    "steward_outbox_depth", "Events not yet published, of the next batch.", registry=REGISTRY
)
PUBLISHED = Counter(
    "steward_events_published", "Events confirmed by the broker.", registry=REGISTRY
)
HELD = Gauge(
    "steward_events_held", "Events that wait because no queue takes them.", registry=REGISTRY
)
PARKED = Counter(
    "steward_messages_parked",
    "Messages parked, by queue and why.",
    ["queue", "why"],
    registry=REGISTRY,
)
FORGED = Counter(
    "steward_messages_forged",
    "Messages from another user than may send them, by queue.",
    ["queue"],
    registry=REGISTRY,
)
REPEATED = Counter(
    "steward_calls_repeated", "Calls that were sent once more as they were.", registry=REGISTRY
)
TOPOLOGY_MISSING = Gauge(
    "steward_topology_missing", "Queues and exchanges that cannot be had.", registry=REGISTRY
)
TOPOLOGY_MENDED = Counter(
    "steward_topology_mended", "Queues and exchanges that had to be made anew.", registry=REGISTRY
)
POOL_USED = Gauge(
    "steward_database_connections_used", "Database connections in use.", registry=REGISTRY
)
IN_FLIGHT = Gauge(
    "steward_messages_in_flight", "Messages being worked on.", ["listener"], registry=REGISTRY
)
