"""Requests are sent as they were described, each with a number of its own."""

from __future__ import annotations

from dev.bench.load import render


def test_a_request_has_its_length_and_its_own_key() -> None:
    request = {
        "verb": "POST",
        "path": "/v1/payments",
        "headers": {"Idempotency-Key": "k-{number}"},
        "body": {"amount": 100},
    }
    head, _, body = render(request, "127.0.0.1:80", 7).decode().partition("\r\n\r\n")
    assert body == '{"amount": 100}'
    assert head.splitlines() == [
        "POST /v1/payments HTTP/1.1",
        "Host: 127.0.0.1:80",
        "Idempotency-Key: k-7",
        "Content-Type: application/json",
        "Content-Length: 15",
    ]
