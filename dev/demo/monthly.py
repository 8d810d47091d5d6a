"""Bills of a month: who gets one for the hire of a machine and all that was sent, and the runs for them.

On the first working day of a month a run is planned in the morning, looked at and approved half an hour
later, and whatever it parked is looked at half an hour after that.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time

from dev.demo.business import FIRST_DAY, POUND_PERCENT, Client, find_family, list_clients
from dev.demo.desk import Desk, Thing
from dev.demo.habits import after
from dev.demo.occasions import next_open

HIRE = 18900
"""Of a machine, net for a month in cents."""

LAST_RUN_ON = next_open(date(2025, 12, 1))
SECOND_MACHINE_ON = date(2025, 6, 16)
PATIENT_REASON = "They asked for one bill at the end of the year."

Moment = tuple[datetime, Callable[[Desk], None]]


def is_billed_monthly(client: Client) -> bool:
    """Whether a client gets one bill a month: those of the key tier do."""
    return client.tier == "key"


def list_monthly() -> list[Client]:
    """Those who get one bill a month, in the order in which they come."""
    return [client for client in list_clients() if is_billed_monthly(client)]


def list_moments(day: date) -> Iterator[Moment]:
    """When what of a run is done on a day."""
    if day.month > FIRST_DAY.month and day == next_open(day.replace(day=1)):
        for at, act in ((time(9), _plan), (time(9, 30), _approve), (time(10), _look_again)):
            yield datetime.combine(day, at, UTC), act


def agree(desk: Desk, client: Client, account_id: str) -> None:
    """What is agreed today with those billed monthly: on the day after they became clients, and where the
    first of them hires a second machine."""
    if not is_billed_monthly(client):
        return
    if desk.day == begins_on(client):
        _begin(desk, client, account_id)
    if desk.day == SECOND_MACHINE_ON and client.number == list_monthly()[0].number:
        _hire_another(desk, client, account_id)


def begins_on(client: Client) -> date:
    """The working day after the one on which somebody becomes a client."""
    return after(after(client.opens_on, client.onboarding_days or 0), 1)


def _begin(desk: Desk, client: Client, account_id: str) -> None:
    """One bill a month; a machine is hired from today on, paid in advance for each calendar month."""
    monthly = {"bills": "monthly", "reason": "One bill a month is enough."}
    desk.do(f"/v1/accounts/{account_id}/billing-routine", monthly, verb="PUT")
    charge = {
        "account_id": account_id,
        "description": "Hire of an espresso machine",
        "currency": client.currency,
        "unit_price": _price(client),
        "tax_percent": "19.00",
        "start_on": str(desk.day),
        "unit": "month",
        "anchor": "calendar",
        "timing": "advance",
    }
    desk.do("/v1/charges", charge)


def _hire_another(desk: Desk, client: Client, account_id: str) -> None:
    """In the middle of a month that is billed already."""
    [charge] = desk.client.list("/v1/charges", account_id=account_id)
    more = {"unit_price": _price(client), "quantity": "2", "reason": "A second machine."}
    desk.do(f"/v1/charges/{charge['charge_id']}/change", more)


def _price(client: Client) -> int:
    return HIRE * POUND_PERCENT // 100 if client.currency == "GBP" else HIRE


def _plan(desk: Desk) -> None:
    desk.do("/v1/billing-runs", {"cutoff_on": str(desk.day)})


def _approve(desk: Desk) -> None:
    """What was foreseen is looked at; in the last month one client wants to wait."""
    path = _find_run(desk)
    desk.client.get(f"{path}/preview")
    if desk.day == LAST_RUN_ON:
        patient = _find_patient(desk, path)
        bill = f"{path}/items/{patient['account_id']}/{patient['currency']}"
        desk.do(f"{bill}/skip", {"reason": PATIENT_REASON})
    desk.do(f"{path}/approve")


def _look_again(desk: Desk) -> None:
    """Whatever is unusual and so was not sent is right: a client ordered more than before, or less."""
    path = _find_run(desk)
    for bill in list(desk.client.list(f"{path}/items", status="parked")):
        at = f"{path}/items/{bill['account_id']}/{bill['currency']}"
        desk.do(f"{at}/retry", {"reason": "Looked at: it is what they ordered."})


def _find_run(desk: Desk) -> str:
    """That of today."""
    run = next(iter(desk.client.list("/v1/billing-runs")))
    return f"/v1/billing-runs/{run['billing_run_id']}"


def _find_patient(desk: Desk, path: str) -> Thing:
    """The bill of the one who came last and pays itself."""
    bills = {one["account_id"]: one for one in desk.client.list(f"{path}/items")}
    accounts = {one["number"]: one["account_id"] for one in desk.client.list("/v1/accounts")}
    numbers = [
        one.number for one in list_monthly() if one.number not in find_family(list_clients())
    ]
    return next(bills[accounts[one]] for one in reversed(numbers) if accounts[one] in bills)
