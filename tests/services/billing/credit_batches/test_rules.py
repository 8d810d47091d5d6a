"""What each of a batch of credit notes is to be."""

import pytest

from kernel.refusals import Invalid, NotFound
from services.billing.credit_batches.rules import (
    grounds_of,
    invoice_not_found,
    placed,
    require_one_way,
)
from services.billing.credits.rules import Grounds

SAID = {"reason": "returned", "remedy_id": None, "return_id": "ret_1"}


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
    assert grounds_of(row) == Grounds(reason="returned", return_id="ret_1")
