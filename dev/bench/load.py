"""A load generator for HTTP: a fixed number of open connections, each with one request at a time.

`python -m dev.bench.load URL CONNECTIONS SECONDS [PER_SECOND]` reads requests (JSON: verb, path, headers,
body) from standard input, sends them in turn, again from the first when they are used up, and prints one
JSON line. Without a rate each connection sends its next request as soon as it is answered. With one,
requests are due evenly, and what each took is counted from when it was due: one that had to wait for a
free connection, or for those before it, has taken that long for whoever asked.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import uvloop


def render(request: Mapping[str, Any], host: str, number: int) -> bytes:
    """One request as bytes; `{number}` in a header makes it one of its own."""
    body = json.dumps(request["body"]).encode() if request.get("body") is not None else b""
    lines = [f"{request['verb']} {request['path']} HTTP/1.1", f"Host: {host}"]
    lines += [
        f"{name}: {value.replace('{number}', str(number))}"
        for name, value in request.get("headers", {}).items()
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def run(
    url: str,
    connections: int,
    seconds: float,
    requests: list[dict[str, Any]],
    per_second: float | None = None,
) -> dict[str, Any]:
    """Send for so many seconds; how many were answered, how, and how long they took."""
    place = urlsplit(url)
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    numbers = count()
    until = time.perf_counter() + seconds

    async def talk() -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        while time.perf_counter() < until:
            number = next(numbers)
            request = requests[number % len(requests)]
            due = started + number / per_second if per_second else time.perf_counter()
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(render(request, place.netloc, number))
            statuses[await _read_answer(reader)] += 1
            latencies.append(time.perf_counter() - due)
        writer.close()

    began, started = time.time(), time.perf_counter()
    await asyncio.gather(*(talk() for _ in range(connections)))
    took = time.perf_counter() - started
    latencies.sort()
    return {
        "began": began,
        "per_second": len(latencies) / took,
        "p50": latencies[len(latencies) // 2],
        "p99": latencies[int(len(latencies) * 0.99)],
        "statuses": dict(statuses),
    }


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(_values(head, "content-length"), "0")
    await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])


def _values(head: str, name: str) -> Iterator[str]:
    for line in head.splitlines():
        if line.startswith(name + ":"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    url, connections, seconds, *rate = sys.argv[1:]
    given = json.load(sys.stdin)
    sent = run(url, int(connections), float(seconds), given, *map(float, rate))
    print(json.dumps(uvloop.run(sent)))
