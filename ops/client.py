"""A client of the gateway that does nothing twice: a command is repeated under one Idempotency-Key.

client = Client(system.url, system.api_key)
staff = client.post("/v1/staff", {"name": "Ada Ross", "email": "ada@example.com", "role": "lead"})
for account in client.list("/v1/accounts", owner_id=staff["staff_id"]): ...
"""

import http.client
import secrets
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

PAGE = 500
ANSWER_SECONDS_MAX = 30.0
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = (0.05, 2.0)  # at first, at most
CLOCK_SECONDS_MAX = 900.0
TRY_AGAIN = frozenset({429, 502, 503, 504})


class Unreachable(RuntimeError):
    """The gateway did not answer, however often it was asked; whether it acted is not known."""


class Refused(RuntimeError):
    """The answer is a problem document."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        """Take the request in words, the status and the document."""
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{request}: {status} {self.code}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the names of headers in small letters, the body as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The body as JSON; none where it is empty."""
        return orjson.loads(self.body) if self.body else None

    @property
    def is_success(self) -> bool:
        """Whether the request was done."""
        return 200 <= self.status < 300


class Client:
    """Talks to a gateway over connections that stay open; may be used by many threads."""

    def __init__(
        self, url: str, api_key: str, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Take the gateway's address and the key to call it with.

        A request that is not answered, or answered with 429, 502, 503 or 504, is sent again under
        the same Idempotency-Key, until `patience_seconds` have passed; 0 is once only.
        """
        self.url = url.rstrip("/")
        self.api_key = api_key
        self.patience_seconds = patience_seconds
        self._place = urlsplit(self.url)
        self._idle: deque[http.client.HTTPConnection] = deque()

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def as_holder_of(self, api_key: str) -> "Client":
        """The same gateway, called with another key."""
        return Client(self.url, api_key, patience_seconds=self.patience_seconds)

    def get(self, path: str, **query: Any) -> Any:
        """Read; parameters that are None are left out."""
        return self._succeed("GET", path, query=query)

    def list(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        after = None
        while True:
            page = self.get(path, **{"limit": PAGE, **query, "after": after})
            yield from page["items"]
            after = page.get("next_after")
            if not page["has_more"]:
                return

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Do; a random Idempotency-Key unless one is given."""
        return self._succeed("POST", path, body, key=key)

    def put(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """Replace."""
        return self._succeed("PUT", path, body, key=key)

    def patch(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """Change in part."""
        return self._succeed("PATCH", path, body, key=key)

    def delete(self, path: str, *, key: str | None = None) -> Any:
        """Delete."""
        return self._succeed("DELETE", path, key=key)

    def read_clock(self) -> datetime | None:
        """The manual clock's moment; none before it was first set."""
        now = self.get("/v1/clock")["now"]
        return now and datetime.fromisoformat(now)

    def move_clock(self, now: datetime) -> None:
        """Move the manual clock and return when all that happens until then has happened."""
        body = {"now": now.isoformat()}
        self._succeed("PUT", "/v1/clock", body, seconds_max=CLOCK_SECONDS_MAX)

    def send(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        seconds_max: float = ANSWER_SECONDS_MAX,
    ) -> Answer:
        """Send a request until it is answered, and return the answer whatever it says. A body of bytes
        is sent as it is, any other as JSON.

        Raises:
            Unreachable: nobody answered in time.
        """
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        target = f"{self._place.path}{path}" + (f"?{urlencode(given)}" if given else "")
        sent = {"Authorization": f"Bearer {self.api_key}", **(headers or {})}
        content = None
        if isinstance(body, bytes):
            content = body
            sent["Content-Type"] = "application/octet-stream"
        elif body is not None:
            content = orjson.dumps(body)
            sent["Content-Type"] = "application/json"
        if verb != "GET":
            sent["Idempotency-Key"] = key or secrets.token_hex(16)
        return self._persist(verb, target, content, sent, seconds_max)

    def _succeed(self, verb: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.send(verb, path, body, **options)
        if not answer.is_success:
            raise Refused(f"{verb} {path}", answer.status, _problem(answer))
        return answer.data

    def _persist(
        self,
        verb: str,
        target: str,
        content: bytes | None,
        headers: Mapping[str, str],
        seconds_max: float,
    ) -> Answer:
        deadline = time.monotonic() + self.patience_seconds
        pause = PAUSE_SECONDS[0]
        while True:
            try:
                answer = self._send_once(verb, target, content, headers, seconds_max)
                wait = float(answer.headers.get("retry-after", pause))
                if answer.status not in TRY_AGAIN or time.monotonic() + wait > deadline:
                    return answer
            except (OSError, http.client.HTTPException) as error:
                wait = pause
                if time.monotonic() + wait > deadline:
                    detail = f"{verb} {target} at {self.url}: {error or type(error).__name__}"
                    raise Unreachable(detail) from error
            time.sleep(wait)
            pause = min(pause * 2, PAUSE_SECONDS[1])

    def _send_once(
        self,
        verb: str,
        target: str,
        content: bytes | None,
        headers: Mapping[str, str],
        seconds_max: float,
    ) -> Answer:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        connection.timeout = seconds_max
        if connection.sock is not None:
            connection.sock.settimeout(seconds_max)
        try:
            connection.request(verb, target, content, dict(headers))
            response = connection.getresponse()
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _connect(self) -> http.client.HTTPConnection:
        host = self._place.hostname or ""
        if self._place.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, self._place.port, context=context)
        return http.client.HTTPConnection(host, self._place.port)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(answer: Answer) -> Mapping[str, Any]:
    try:
        document = answer.data
    except orjson.JSONDecodeError:
        document = None
    return (
        document if isinstance(document, dict) else {"detail": answer.body[:200].decode("latin-1")}
    )
