"""The ways in for charges."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.charges.schemas import AddCharge, Charge
from services.billing.new_charges import schemas, usecases


class NewCharges:
    """What is charged from now on."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/charges",
        AddCharge,
        returns=Charge,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def add_charge(self, session: Any, **values: Any) -> Any:
        """Charge something from a day on: once, by use, or for each period, in advance or in arrears.
        What has fallen due by today is to be billed at once, the rest in the morning of its day."""
        return usecases.add_charge(session, **self._new_charge_moment(), **values)

    @command(
        "POST /v1/charge-batches",
        schemas.NewChargeBatch,
        returns=schemas.ChargeBatch,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def add_charge_batch(self, session: Any, **values: Any) -> Any:
        """Add up to 1,000 charges at once, each as if it came alone after those before it. Each is added
        or refused by itself: a refused one is reported with its place and the reason, and the others are
        added all the same. One that came before under the same `external_id` is found and left as it
        is, whichever batch it is in."""
        return usecases.add_batch(session, **self._new_charge_moment(), **values)

    def _new_charge_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
