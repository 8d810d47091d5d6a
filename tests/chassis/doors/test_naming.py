"""Where what a request names is not there, the field that names it is to blame."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.doors.naming import name_field
from kernel.ids import new_id
from kernel.refusals import NotFound

OWNER, LEAD, PRODUCT = new_id("stf"), new_id("stf"), new_id("prd")


@pytest.mark.parametrize(
    ("sent", "blamed"),
    [
        ({"owner_id": OWNER}, ["owner_id"]),
        ({"owner_id": OWNER, "lead_id": LEAD, "limit": 5, "note": None}, ["owner_id"]),
        ({"lines": [{"staff_id": LEAD}, {"staff_id": OWNER}]}, ["lines/1/staff_id"]),
        ({"people": [LEAD, OWNER]}, ["people/1"]),
        ({"lead_id": LEAD}, []),
        ({"owner_id": OWNER, "lead_id": OWNER}, []),
        ({"note": f"{OWNER} is ill"}, []),
    ],
)
def test_the_field_that_holds_the_id_of_the_sentence_is_named(
    sent: dict[str, Any], blamed: list[str]
) -> None:
    refusal = NotFound("staff_not_found", f"There is no staff {OWNER}.")
    name_field(refusal, sent)
    assert [one["field"] for one in refusal.errors] == blamed
    assert all(one["detail"] == refusal.detail for one in refusal.errors)


def test_what_names_its_field_stays_as_it_is() -> None:
    refusal = NotFound("product_not_found", f"There is no product {PRODUCT}.", field="lines")
    name_field(refusal, {"product_id": PRODUCT})
    assert [one["field"] for one in refusal.errors] == ["lines"]
