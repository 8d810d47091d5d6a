"""The way into the manual clock: /v1/clock, served only where the clock is manual."""

from __future__ import annotations

from gateway.clock.manual import ManualClock
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys import schemas
from gateway.settings import Settings

SCOPE = "admin"


class ClockPages:
    """Read the moment, move it forward."""

    def __init__(self, clock: ManualClock, repeats: Repeats, settings: Settings) -> None:
        self._clock = clock
        self._repeats = repeats
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        return [
            own_endpoint("GET", "/v1/clock", self.get, scope=SCOPE, is_for_all=True),
            own_endpoint(
                "PUT", "/v1/clock", self.put, scope=SCOPE, is_command=True, is_for_all=True
            ),
        ]

    async def get(self, request: Request) -> Answer:
        schemas.load(schemas.NoInput(), request.read_query(), "parameter")
        return answer_json({"now": await self._clock.read()})

    async def put(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        await self._repeats.require_same(request, body)
        target = schemas.load(schemas.MoveClock(), body)["now"]
        return answer_json({"now": target, "moments": await self._clock.move(target)})
