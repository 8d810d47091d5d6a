"""The first person, made on the command line."""

from __future__ import annotations

import subprocess
import sys
import time

import httpx
import pyotp
import pytest

from tests.gateway.persons.somebody import PASSWORD, make_address, make_email
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


def create(
    gateway: RunningGateway, *options: str, password: str = PASSWORD
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", "create-person", "--name", "Ada Ross", *options],
        env=gateway.environment,
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_person_signs_in_at_once_and_may_do_everything(gateway: RunningGateway) -> None:
    email = make_email()
    made = create(gateway, "--email", email)
    assert made.returncode == 0, made.stderr
    generator = pyotp.parse_uri(made.stdout.splitlines()[-1])
    assert isinstance(generator, pyotp.TOTP)
    sent = {"email": email, "password": PASSWORD, "code": generator.at(int(time.time()))}
    answer = httpx.post(f"{gateway.url}/v1/sessions", json=sent, headers=make_address())
    with gateway.client(answer.json()["token"]) as client:
        me = client.get("/v1/me").json()
        assert (me["email"], me["roles"]) == (email, ["admin"])
        assert me["scopes"] == ["*", "accounts:all"]
    again = create(gateway, "--email", email)
    assert (again.returncode, again.stdout) == (1, "")
    assert "Somebody else has this e-mail address" in again.stderr


@pytest.mark.parametrize(
    ("options", "password", "told"),
    [
        (["--email", "nobody"], PASSWORD, "email: "),
        (["--email", "a@firm.example"], "too short", "password: Must have 12 characters"),
        (["--email", "a@firm.example", "--roles", "wizard"], PASSWORD, "no role wizard"),
        (["--email", "a@firm.example", "--staff-id", "x"], PASSWORD, "staff_id: "),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    gateway: RunningGateway, options: list[str], password: str, told: str
) -> None:
    done = create(gateway, *options, password=password)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert password not in done.stderr
