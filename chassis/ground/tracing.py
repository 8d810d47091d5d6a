"""OpenTelemetry traces, when an exporter is configured; otherwise a span costs nothing."""

from __future__ import annotations

import contextlib
from typing import Any

_tracer: Any = None


def start(service: str) -> None:
    """Export spans of this process to where OTEL_EXPORTER_OTLP_ENDPOINT says."""
    global _tracer
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"steward-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _tracer = trace.get_tracer("steward")


@contextlib.contextmanager
def _span(name: str, parent: str | None) -> Any:
    from opentelemetry.propagate import extract

    context = extract({"traceparent": parent} if parent else {})
    with _tracer.start_as_current_span(name, context=context) as span:
        yield span


def span(name: str, parent: str | None) -> Any:
    """A span around a piece of work; `parent` is a W3C traceparent."""
    return contextlib.nullcontext() if _tracer is None else _span(name, parent)
