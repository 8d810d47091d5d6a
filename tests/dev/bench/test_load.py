"""Requests are sent as they were described, each with a number of its own."""

from __future__ import annotations

import asyncio
from typing import Any

from dev.bench.load import render, run

ANSWER_SECONDS = 0.05


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


def test_a_request_that_waits_for_those_before_it_takes_that_long() -> None:
    """Twice as many are due as can be answered: the last waits for as long as half of them take."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            if await reader.readline() == b"\r\n":
                await asyncio.sleep(ANSWER_SECONDS)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def send() -> dict[str, Any]:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            requests = [{"verb": "GET", "path": "/"}]
            seconds, rate = 10 * ANSWER_SECONDS, 2 / ANSWER_SECONDS
            return await run(f"http://{host}:{port}", 1, seconds, requests, rate)

    assert asyncio.run(send())["p99"] > 3 * ANSWER_SECONDS
