"""People who sign in: what they do is written down under their names, not under those of keys."""

from __future__ import annotations

import time
from typing import Any

import pyotp
import pytest

from ops.client import Refused

pytestmark = pytest.mark.server

PASSWORD = "correct horse battery staple"


class Clerk:
    """A member of staff who keeps the books, with a code generator in the pocket."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.email = "bea.hall@firm.example"
        staff = {"name": "Bea Hall", "email": self.email, "role": "assistant"}
        self.staff_id = client.post("/v1/staff", staff)["staff_id"]
        invited = {"name": "Bea Hall", "email": self.email, "roles": ["credit_controller"]}
        person = client.post("/v1/persons", {**invited, "staff_id": self.staff_id})
        path = f"/v1/persons/{person['person_id']}"
        client.post(f"{path}/set-password", {"password": PASSWORD})
        self.secret = client.post(f"{path}/enrol-code-generator")["secret"]

    def sign_in(self, steps_on: int = 0) -> tuple[str, Any]:
        """A session's id, and the gateway as the clerk calls it."""
        code = pyotp.TOTP(self.secret).at(int(time.time()), counter_offset=steps_on)
        sent = {"email": self.email, "password": PASSWORD, "code": code}
        session = self.client.post("/v1/sessions", sent)
        return session["session_id"], self.client.as_holder_of(session["token"])


def test_who_takes_a_payment_is_named_in_it_whatever_session_it_was_done_in(firm, client) -> None:
    clerk = Clerk(client)
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    session_id, desk = clerk.sign_in()
    assert desk.get("/v1/me")["staff_id"] == clerk.staff_id
    money = {
        "account_id": account["account_id"],
        "currency": "EUR",
        "amount": 10000,
        "value_date": str(firm.today),
        "method": "transfer",
    }
    payment = desk.post("/v1/payments", money, key="queued-on-the-way")
    assert payment["recorded_by"] == clerk.staff_id

    desk.post(f"/v1/sessions/{session_id}/revoke")
    with pytest.raises(Refused, match="session_revoked"):
        desk.get("/v1/me")

    _, desk = clerk.sign_in(steps_on=1)
    again = desk.post("/v1/payments", money, key="queued-on-the-way")
    assert again["payment_id"] == payment["payment_id"], "the answer is kept for the person"
    firm.wait()
    assert client.get(f"/v1/invoices/{invoice['invoice_id']}")["status"] == "paid"
    [entered] = client.list("/v1/payments", account_id=account["account_id"])
    assert entered["recorded_by"] == clerk.staff_id
