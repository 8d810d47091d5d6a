"""The other side, played from its contract: what sales tells of goods that come back."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.returns import usecases as returns
from services.billing.returns.subscriptions import ReturnAccepted as OurReturnAccepted
from services.sales.returns.events import ReturnAccepted


class Returning:
    """Part of the books: goods come back."""

    session: Session

    @property
    def moment(self) -> dict[str, Any]:
        raise NotImplementedError

    def come_back(
        self, account_id: str, order_id: str, *lines: tuple[Any, ...], **facts: Any
    ) -> str:
        """Hear that goods came back and were accepted, as sales announces it: the order line, how many
        and, if anything, what is kept back, or what else is said; the return's id."""
        return_id = str(facts.setdefault("return_id", new_id("ret")))
        came = [
            {"lowered_by": None, "unsold": None, "kept_back": 0, "line_id": line_id}
            | {"quantity": str(quantity)}
            | (more[0] if more and isinstance(more[0], dict) else {"kept_back": sum(more)})
            for line_id, quantity, *more in lines
        ]
        told = ReturnAccepted.example | {"account_id": account_id, "order_id": order_id}
        told |= {"lines": came} | facts
        assert ReturnAccepted().validate(told) == {}
        returns.credit_returns(self.session, [OurReturnAccepted().load(told)], **self.moment)
        return return_id
