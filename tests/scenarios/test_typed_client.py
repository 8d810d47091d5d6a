"""A typed client, generated from the document that is served, does business without a line of our own."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.server
# The generator knows no PDF, but files of bytes.
CONFIGURATION = '{"content_type_overrides": {"application/pdf": "application/octet-stream"}}'


@pytest.fixture(scope="module")
def generated(
    firm: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Any]]:
    """Imports a module of the generated client."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "openapi.json").write_text(json.dumps(firm.client.promise.document))
    (folder / "config.json").write_text(CONFIGURATION)
    made = subprocess.run(
        [
            *(Path(sys.executable).parent / "openapi-python-client", "generate", "--meta", "none"),
            *("--path", folder / "openapi.json", "--config", folder / "config.json"),
            *("--output-path", folder / "steward_client"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "WARNING" not in made.stdout, made.stdout
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"steward_client.{name}")
    sys.path.remove(str(folder))


def test_an_invoice_is_written_issued_and_paid(firm, generated) -> None:
    account = firm.open_account()
    models = generated("models")
    client = generated("client").AuthenticatedClient(
        base_url=firm.client.url, token=firm.client.api_key, raise_on_unexpected_status=True
    )

    def do(operation: str, *place: str, **values: Any) -> Any:
        module = generated(f"api.billing.billing_{operation}")
        done = module.sync(*place, client=client, **values)
        assert not isinstance(done, models.Problem), done
        return done

    line = models.BillingNewLine(
        description="Advice", quantity="2.5", unit_price=4000, tax_percent="19.00"
    )
    draft = do(
        "draft_invoice",
        body=models.BillingNewInvoice(
            account_id=account["account_id"], currency="EUR", lines=[line]
        ),
        idempotency_key="typed-client-draft",
    )
    assert (draft.lines[0].quantity, draft.lines[0].tax_percent) == ("2.5", "19.00")
    issued = do("issue_invoice", draft.invoice_id, body=models.BillingIssueInvoice())
    assert (issued.status, issued.total, issued.balance) == ("issued", 11900, 11900)
    firm.wait()
    payment = do(
        "receive_payment",
        body=models.BillingNewPayment(
            account_id=account["account_id"],
            currency="EUR",
            amount=11900,
            value_date=firm.today,
            method=models.BillingNewPaymentMethod("transfer"),
        ),
    )
    assert payment.unapplied == 0
    assert do("get_invoice", draft.invoice_id).status == "paid"
    page = do("list_invoices", account_id=account["account_id"], limit=5)
    assert [one.invoice_id for one in page.items] == [draft.invoice_id]
    assert not page.has_more


def test_a_refusal_is_a_typed_problem(firm, generated) -> None:
    client = generated("client").AuthenticatedClient(
        base_url=firm.client.url, token=firm.client.api_key
    )
    module = generated("api.billing.billing_get_invoice")
    problem = module.sync("inv_01jd3v4q6ye8z9t5k2m7n0p1xw", client=client)
    assert (problem.status, problem.code) == (404, "invoice_not_found")
