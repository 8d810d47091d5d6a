"""What is measured of a service, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RPC = Histogram(
    "steward_rpc_seconds",
    "RPC calls by method and outcome.",
    ["method", "outcome"],
    buckets=SECONDS,
)
HANDLED = Counter(
    "steward_events_handled", "Events by handler and outcome.", ["handler", "outcome"]
)
INBOX_LAG = Histogram(
    "steward_event_lag_seconds", "From an event's commit to its effect.", buckets=SECONDS
)
DAILY = Histogram("steward_daily_seconds", "Daily jobs by name.", ["job"], buckets=SECONDS)
OUTBOX_AGE = Gauge("steward_outbox_age_seconds", "Age of the oldest event not yet published.")
OUTBOX_DEPTH = Gauge("steward_outbox_depth", "Events not yet published, of the next batch.")
PUBLISHED = Counter("steward_events_published", "Events confirmed by the broker.")
UNROUTABLE = Counter("steward_events_unroutable", "Events that no queue was bound for.")
PARKED = Counter("steward_messages_parked", "Messages parked, by queue.", ["queue"])
POOL_USED = Gauge("steward_database_connections_used", "Database connections in use.")
IN_FLIGHT = Gauge("steward_messages_in_flight", "Messages being worked on.", ["listener"])
