"""Health: is the process alive, can it work, who is there; and the metrics page."""

from __future__ import annotations

from gateway import metrics
from gateway.http.incoming import Request
from gateway.http.outgoing import NOT_STORED, Answer, answer_json
from gateway.http.routes import Endpoint, own_endpoint
from gateway.keys.authentication import Authenticator
from gateway.rpc.calls import Calls
from gateway.rpc.contracts import Contracts
from gateway.rpc.presence import Presence
from gateway.rpc.topology import Topology

UP, DOWN = "up", "down"
METRICS_SCOPE = "metrics:read"
PROXY_HEADERS = (b"forwarded", b"x-forwarded-for", b"via")


class HealthPages:
    """All answers come from memory: a broken database or broker cannot make these pages hang."""

    def __init__(
        self,
        authenticator: Authenticator,
        presence: Presence,
        contracts: Contracts,
        topology: Topology,
        calls: Calls,
    ) -> None:
        self._authenticator = authenticator
        self._presence = presence
        self._contracts = contracts
        self._topology = topology
        self._calls = calls

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served here."""
        return [
            own_endpoint("GET", "/health/live", self.live),
            own_endpoint("GET", "/health/ready", self.ready),
            own_endpoint("GET", "/metrics", self.metrics),
        ]

    async def live(self, request: Request) -> Answer:
        return answer_json({"status": "live"})

    async def ready(self, request: Request) -> Answer:
        services = self._list_services()
        is_ready = (
            self._presence.is_broker_there
            and self._authenticator.is_database_there
            and not self._topology.missing
            and "unreachable" not in services.values()
        )
        if request.read_query().get("services") == "all":
            is_ready = is_ready and all(word == "present" for word in services.values())
        told = {
            "status": "ready" if is_ready else "not_ready",
            "broker": UP if self._presence.is_broker_there else DOWN,
            "database": UP if self._authenticator.is_database_there else DOWN,
            "missing": self._topology.missing,
            "services": services,
            "time_zones": self._contracts.time_zones,
            "route_conflicts": self._contracts.conflicts,
            "contracts_refused": self._contracts.problems,
        }
        return answer_json(told, 200 if is_ready else 503)

    async def metrics(self, request: Request) -> Answer:
        is_direct = not any(name in request.headers for name in PROXY_HEADERS)
        if not (is_direct and request.address in {"127.0.0.1", "::1"}):
            holder = await self._authenticator.identify(
                request.headers.get(b"authorization"), request.address
            )
            holder.power.require_scope(METRICS_SCOPE)
            holder.power.require_all_accounts()
        page, content_type = metrics.render()
        return Answer(200, [(b"content-type", content_type), NOT_STORED], page)

    def _list_services(self) -> dict[str, str]:
        return {name: self._describe(name) for name in self._contracts.services}

    def _describe(self, service: str) -> str:
        if not self._presence.is_present(service) or service not in self._contracts.documents:
            return "away"
        return "unreachable" if service in self._calls.unreachable else "present"
