"""A person of a test: invited, with a password and a code generator, signing in from an address."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import Any

import httpx
import pyotp

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


def make_email() -> str:
    """An address that nobody has."""
    return f"{secrets.token_hex(6)}@firm.example"


def make_address() -> dict[str, str]:
    """The header of a request from where nobody else in the tests comes from."""
    number = next(_numbers)
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def invite(client: httpx.Client, **wanted: Any) -> dict[str, Any]:
    """A person who can sign in with nothing yet."""
    sent = {"name": "Ada Ross", "email": make_email(), "roles": ["things_clerk"]}
    answer = client.post("/v1/persons", json={**sent, "staff_id": None, **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class Somebody:
    """A person who can sign in with a password and codes."""

    def __init__(self, client: httpx.Client, **wanted: Any) -> None:
        self.person = invite(client, **wanted)
        self.person_id: str = self.person["person_id"]
        self.staff_id: str | None = self.person["staff_id"]
        self.email: str = self.person["email"]
        self.password = PASSWORD
        self.headers = make_address()
        self.path = f"/v1/persons/{self.person_id}"
        set_ = client.post(f"{self.path}/set-password", json={"password": PASSWORD})
        assert set_.status_code == 200, set_.text
        enrolled = client.post(f"{self.path}/enrol-code-generator")
        assert enrolled.status_code == 200, enrolled.text
        self.secret: str = enrolled.json()["secret"]

    def code(self, steps_on: int = 0) -> str:
        """What the code generator shows now or, fast as it may be, half a minute later."""
        return pyotp.TOTP(self.secret).at(int(time.time()), counter_offset=steps_on)

    def try_to_sign_in(
        self, url: str, headers: dict[str, str] | None = None, **changes: Any
    ) -> httpx.Response:
        """What is answered; `changes` are of what is sent."""
        sent = {"email": self.email, "password": self.password, "code": self.code(), **changes}
        whence = {**self.headers, **(headers or {})}
        return httpx.post(f"{url}/v1/sessions", json=sent, headers=whence, timeout=30)

    def sign_in(self, url: str, **changes: Any) -> dict[str, Any]:
        """A session with its token."""
        answer = self.try_to_sign_in(url, **changes)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made
