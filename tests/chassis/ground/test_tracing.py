"""A request's trace goes on through the service it asks and the events that follow."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from dev.servers import Servers
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe

pytestmark = pytest.mark.server

TRACE_ID, SPAN_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_the_spans_of_a_command_and_of_its_event_belong_to_the_callers_trace(
    servers: Servers, migrated_probe: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found: dict[str, str] = {}

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        if span.trace_id.hex() == TRACE_ID:  # others may yet handle older events
                            found[span.name] = span.parent_span_id.hex()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with (
        HTTPServer(("127.0.0.1", 0), Collector) as collector,
        Probe(servers, tmp_path_factory.mktemp("traced"), "system") as probe,
    ):
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        probe.start(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
            OTEL_BSP_SCHEDULE_DELAY="100",
        )
        probe.wait_ready()
        client = Client(probe.gateway_uri)
        note = {"account_id": new_id("acc"), "text": "traced"}
        headers = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
        assert client.reply(client.send("take_note", note, headers=headers))["error"] is None
        probe.wait_until(lambda: found.keys() >= {"take_note", "hear_note"})
        client.connection.close()
        collector.shutdown()
    assert found["take_note"] == SPAN_ID
    assert found["hear_note"] == SPAN_ID
