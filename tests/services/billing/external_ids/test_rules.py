"""What comes twice under one name says the same."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
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


@pytest.mark.parametrize(("before", "again"), [("2", "2.0"), ("19.00", "19"), ("100", "100.000")])
def test_a_number_says_the_same_however_it_is_written(before: str, again: str) -> None:
    one, other = (SAID | {"lines": [{"quantity": Decimal(each)}]} for each in (before, again))
    require_same(digest(one), other, what="Payment")
    with pytest.raises(Conflict):
        require_same(
            digest(one), SAID | {"lines": [{"quantity": Decimal("2.001")}]}, what="Payment"
        )


def test_what_was_kept_as_its_numbers_were_written_is_known_when_it_is_sent_as_it_was() -> None:
    told = {"external_id": "C-1", "quantity": Decimal("2.0")}
    kept = hashlib.sha256(b'{"external_id": "C-1", "quantity": "2.0"}').hexdigest()
    require_same(kept, told, what="Charge")
