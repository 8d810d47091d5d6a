"""The ways into the parts of returns."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.return_parts import schemas, usecases
from services.sales.returns.schemas import ExplainReturn, Return


class ReturnParts:
    """What came back, and what becomes of it."""

    @command(
        "POST /v1/returns/{return_id}/receive",
        schemas.ReceiveReturn,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def receive_return(self, session, **values):
        """Note what has come, all that is waited for or a part of it. Refused with `more_than_asked`;
        with `back_before_shipped` or `received_before_sent` on a day when the goods cannot have come."""
        return usecases.receive_return(session, **values, **self._arrived())

    @command(
        "POST /v1/returns/{return_id}/inspect",
        schemas.InspectPart,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def inspect_part(self, session, **values):
        """Say what becomes of a part that came, by quantities: restocked (it is on hand again), scrapped
        (accepted, and gone), rejected (it stays the client's). Where nothing is accepted and nothing more
        waited for, the return is refused."""
        return usecases.inspect_part(session, **values, **self._arrived())

    @command(
        "POST /v1/returns/{return_id}/undo-inspection",
        schemas.UndoInspection,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def undo_inspection(self, session, **values):
        """Have a part inspected again that was inspected wrongly; the stock moves back. Refused with
        `part_answered` once it is credited or replaced, and with `out_of_stock` where what was restocked
        is gone."""
        return usecases.undo_inspection(session, **values, **self._arrived())

    @command(
        "POST /v1/returns/{return_id}/refuse",
        ExplainReturn,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def reject_rest(self, session, **values):
        """Reject all that is not inspected yet, and wait for no more of it."""
        return usecases.reject_rest(session, **values, **self._arrived())

    def _arrived(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
