"""The ways into charges."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.charges import queries, schemas, usecases

_CHARGE: dict[str, Any] = {
    "returns": schemas.Charge,
    "scope": "billing:write",
    "reach": Reach.ACCOUNT,
}


class Charges:
    """What is charged once, by use or again and again."""

    clock: Any
    caller: Any

    @query(
        "GET /v1/charges",
        schemas.ChargeQuery,
        returns=page_of(schemas.Charge),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_charges(self, session: Any, **values: Any) -> Any:
        """Charges, newest first."""
        return queries.list_charges(session, **values)

    @query(
        "GET /v1/charges/{charge_id}",
        schemas.ChargePath,
        returns=schemas.Charge,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_charge(self, session: Any, **values: Any) -> Any:
        """A charge: what it costs from which day on, and when it rests."""
        return queries.get_charge(session, **values)

    @query(
        "GET /v1/charges/{charge_id}/history",
        schemas.HistoryQuery,
        returns=page_of(schemas.ChargeChange),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_charge_history(self, session: Any, **values: Any) -> Any:
        """What was done with a charge, newest first: by whom, when, why and from which day on."""
        return queries.list_charge_history(session, **values)

    @query(
        "GET /v1/charges/{charge_id}/periods",
        schemas.PeriodsQuery,
        returns=schemas.ChargePeriods,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def preview_periods(self, session: Any, **values: Any) -> Any:
        """The next periods of a charge, when they fall due and what each comes to, as things are."""
        return queries.preview_periods(session, **values)

    @command("POST /v1/charges/{charge_id}/change", schemas.ChangeCharge, **_CHARGE)
    def change_charge(self, session: Any, **values: Any) -> Any:
        """Agree on another price from a day on, also one that is past: what waits to be billed is made
        anew, what was billed is repaired by lines of the next bill."""
        return usecases.change_charge(session, **self._charge_moment(), **values)

    @command("POST /v1/charges/{charge_id}/pause", schemas.PauseCharge, **_CHARGE)
    def pause_charge(self, session: Any, **values: Any) -> Any:
        """Have a charge rest from a day on: it is not billed until it is resumed."""
        return usecases.pause_charge(session, **self._charge_moment(), **values)

    @command("POST /v1/charges/{charge_id}/resume", schemas.ResumeCharge, **_CHARGE)
    def resume_charge(self, session: Any, **values: Any) -> Any:
        """Have a charge that is paused billed again from a day on."""
        return usecases.resume_charge(session, **self._charge_moment(), **values)

    @command("POST /v1/charges/{charge_id}/end", schemas.EndCharge, **_CHARGE)
    def end_charge(self, session: Any, **values: Any) -> Any:
        """Agree on the last day of a charge, or on another. What was billed beyond it is taken back."""
        return usecases.end_charge(session, **self._charge_moment(), **values)

    def _charge_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
