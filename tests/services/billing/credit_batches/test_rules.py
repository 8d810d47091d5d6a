"""What each of a batch of credit notes is to be."""

import pytest

from kernel.refusals import Invalid, NotFound
from services.billing.credit_batches.rules import (
    divide,
    grounds_of,
    invoice_not_found,
    is_alone,
    placed,
    require_one_way,
)
from services.billing.credits.rules import Grounds

SAID = {"reason": "returned", "remedy_id": None, "return_id": "ret_1", "return_part": 1}


@pytest.mark.parametrize(("on_invoice", "free"), [(None, None), (SAID, SAID)])
def test_a_credit_note_is_on_an_invoice_or_free(on_invoice, free):
    with pytest.raises(Invalid) as refused:
        require_one_way({"on_invoice": on_invoice, "free": free})
    assert refused.value.code == "invoice_or_free"


@pytest.mark.parametrize("part", ["on_invoice", "free"])
def test_a_refusal_names_the_field_where_it_is(part):
    row = {"on_invoice": None, "free": None, part: SAID}
    require_one_way(row)
    refusal = placed(invoice_not_found("inv_1"), row)
    assert isinstance(refusal, NotFound)
    assert [one["field"] for one in refusal.errors] == [f"{part}/invoice_id"]
    assert grounds_of(row) == Grounds(reason="returned", return_id="ret_1", return_part=1)


def test_what_is_written_alone_parts_what_is_written_together():
    def on(invoice_id):
        return {"on_invoice": {"invoice_id": invoice_id}, "free": None}

    free, broken = {"on_invoice": None, "free": SAID}, Invalid("broken", "It is broken.")
    rows = [on("a"), broken, on("d"), on("d"), free, on("b"), on("d")]
    assert [is_alone(row, discounted={"d"}) for row in rows] == [0, 0, 1, 1, 0, 0, 1]
    assert divide(rows, discounted={"d"}) == [rows[:2], [rows[2]], [rows[3]], rows[4:6], [rows[6]]]
    assert divide(rows, discounted=()) == [rows]
