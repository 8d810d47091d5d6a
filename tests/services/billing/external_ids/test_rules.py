"""What comes twice under one name says the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.billing.external_ids.rules import digest, require_same

SAID = {"external_id": "P-1", "amount": 100, "value_date": date(2026, 3, 2), "instruction": None}


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 101},
        {"value_date": date(2026, 3, 1)},
        {"instruction": [{"item_id": "itm_1", "invoice_id": None, "amount": 100}]},
        {"reference": "R-1"},
    ],
)
def test_one_name_is_of_one_thing(other: dict[str, Any]) -> None:
    require_same(digest(SAID), SAID, what="Payment")
    with pytest.raises(Conflict, match=r"^Payment P-1 of this account came before") as refused:
        require_same(digest(SAID), SAID | other, what="Payment")
    assert refused.value.code == "external_id_used"


def test_a_field_that_comes_later_and_is_left_out_makes_no_other_thing() -> None:
    require_same(digest(SAID), {"mandate": None, **SAID}, what="Payment")
