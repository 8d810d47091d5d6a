"""The ways into copies: /v1/copies."""

from __future__ import annotations

from gateway.copies.reconciling import Reconciler
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_json
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys import schemas
from gateway.settings import Settings

SCOPE = "admin"


class CopyPages:
    """See how copies were found, and have them compared."""

    def __init__(self, reconciler: Reconciler, repeats: Repeats, settings: Settings) -> None:
        self._reconciler = reconciler
        self._repeats = repeats
        self._settings = settings

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        base, who = "/v1/copies", {"scope": SCOPE, "is_for_all": True}
        return [
            own_endpoint("GET", base, self.list, **who),
            own_endpoint("POST", f"{base}/reconcile", self.reconcile, is_command=True, **who),
        ]

    async def list(self, request: Request) -> Answer:
        schemas.load(schemas.NoInput(), request.read_query(), "parameter")
        return answer_json({"items": await self._reconciler.read()})

    async def reconcile(self, request: Request) -> Answer:
        body = await request.read_object(self._settings.body_bytes_max)
        schemas.load(schemas.NoInput(), body)
        await self._repeats.require_same(request, body)
        return answer_json({"items": await self._reconciler.reconcile()})
