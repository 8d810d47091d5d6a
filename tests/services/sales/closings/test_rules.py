"""Nothing is closed of which something is ordered and not shipped, or shipped and not invoiced."""

from __future__ import annotations

import pytest

from services.sales.closings.rules import find_objection


@pytest.mark.parametrize(
    ("open_", "not_invoiced", "code", "says"),
    [
        ([], [], None, ""),
        (["SO-1"], [], "orders_open", "Of SO-1 something is not shipped"),
        (["SO-1", "SO-2"], [], "orders_open", "Of SO-1 and SO-2 something"),
        ([], ["SO-3"], "goods_not_invoiced", "Of SO-3 something is shipped and not invoiced"),
        (["SO-1"], ["SO-3"], "orders_open", "Of SO-1 something"),
    ],
)
def test_what_is_in_the_way_of_a_closing(
    open_: list[str], not_invoiced: list[str], code: str | None, says: str
) -> None:
    objection = find_objection(open_=open_, not_invoiced=not_invoiced)
    assert (objection and objection.code) == code
    assert says in (objection.reason if objection else "")


def test_at_most_ten_orders_are_named() -> None:
    objection = find_objection(open_=[f"SO-{n}" for n in range(11)], not_invoiced=[])
    assert objection is not None
    assert len(objection.orders) == 10
    assert "SO-8, SO-9 and more something" in objection.reason
