"""No endpoint of any service is done for a caller without its scope."""

from __future__ import annotations

import pytest

from chassis.contract import Endpoint
from chassis.doors.perform import perform_endpoint
from chassis.service import load
from chassis.wire.calls import Call
from kernel.callers import Caller
from kernel.refusals import Forbidden
from ops.instances import SERVICES

ENDPOINTS = [
    pytest.param(load(f"services.{service}"), name, id=f"{service}.{name}")
    for service in SERVICES
    for name, contract in load(f"services.{service}").contracts.items()
    if isinstance(contract, Endpoint)
]


@pytest.mark.parametrize(("service", "endpoint"), ENDPOINTS)
def test_a_caller_without_the_scope_is_refused_whatever_is_sent(
    service: type, endpoint: str
) -> None:
    scopes = {"accounts", "billing", "collections", "sales"}
    wanted = service.contracts[endpoint].scope
    others = frozenset(f"{name}:{verb}" for name in scopes for verb in ("read", "write")) - {wanted}
    call = Call({}, Caller("eve", others), deadline=2.0**40, request_id="r", command_id="c")
    with pytest.raises(Forbidden) as refused:
        perform_endpoint(None, service(), endpoint, call)
    assert refused.value.facts["scope"] == wanted
