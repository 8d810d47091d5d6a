"""The ways into overpayments."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.adjustments.schemas import Adjustment
from services.billing.overpayments import schemas, usecases


class Overpayments:
    """Money that came too much."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/payments/{payment_id}/write-off-overpayment",
        schemas.WriteOffOverpayment,
        returns=Adjustment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def write_off_overpayment(self, session: Any, **values: Any) -> Any:
        """Write off what came too much with a payment: it is ours, and unapplied no more."""
        return usecases.write_off_overpayment(session, **self._at_this_moment(), **values)

    @command(
        "POST /v1/adjustments/{adjustment_id}/reverse-overpayment",
        schemas.ReverseOverpayment,
        returns=Adjustment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_overpayment(self, session: Any, **values: Any) -> Any:
        """Take the write-off of an overpayment back: the client has it with us again."""
        return usecases.reverse_overpayment(session, **self._at_this_moment(), **values)

    def _at_this_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
