"""OpenTelemetry traces, when an exporter is configured; otherwise a client's trace is only passed on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from gateway.http.incoming import Request
from gateway.http.outgoing import Answer

_tracer: Any = None


def start() -> None:
    """Export this process' spans to where OTEL_EXPORTER_OTLP_ENDPOINT says."""
    global _tracer
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "steward-gateway"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _tracer = trace.get_tracer("steward")


def span(request: Request) -> Any:
    """A span around a request, which continues the client's trace and goes on in the service's."""
    return contextlib.nullcontext() if _tracer is None else _span(request)


def tell(span: Any, request: Request, answer: Answer) -> None:
    """What became of the request."""
    if span is None:
        return
    if request.endpoint is not None:
        span.update_name(f"{request.verb} {request.endpoint.path}")
        span.set_attribute("http.route", request.endpoint.path)
    span.set_attribute("http.request.method", request.verb)
    span.set_attribute("http.response.status_code", answer.status)
    span.set_attribute("steward.request_id", request.request_id)


@contextlib.contextmanager
def _span(request: Request) -> Iterator[Any]:
    from opentelemetry.propagate import extract, inject
    from opentelemetry.trace import SpanKind

    given = {"traceparent": request.trace} if request.trace else {}
    with _tracer.start_as_current_span(
        request.verb, context=extract(given), kind=SpanKind.SERVER
    ) as span:
        passed_on: dict[str, str] = {}
        inject(passed_on)
        request.trace = passed_on.get("traceparent")
        yield span
