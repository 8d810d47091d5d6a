"""What services do not announce by themselves yet, played from their contracts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from chassis.doors.transaction import write_outbox
from chassis.events import Event
from chassis.outbox import announce
from chassis.store.clock import Clock
from dev.servers import Servers
from tests.scenarios.firm import Firm
from tests.scenarios.test_copies import url_of


def announce_as(
    service: str, firm: Firm, servers: Servers, event: type[Event], **facts: Any
) -> None:
    """Have a service announce something, and let it arrive; what is not said is as in its example."""
    now = firm.client.read_clock()
    assert now is not None
    engine = create_engine(url_of(servers, service))
    with Session(engine) as session:
        announce(session, event, **event().load(event.example | facts))
        write_outbox(session, Clock(now))
        session.commit()
    engine.dispose()
    firm.wait()
