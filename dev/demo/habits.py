"""What clients do on a day: what they order, when they pay how much. Pure.

Every decision hangs on the thing it is about and the seed, not on what was decided before. So it is
the same in whatever order things are looked at, and after a stop and a new start.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dev.demo.business import (
    FIRST_DAY,
    LAST_DAY,
    MACHINES,
    POUND_PERCENT,
    SEED,
    SUPPLIES,
    Client,
    Payer,
    next_working_day,
)

Item = Mapping[str, Any]
"""An open item as the gateway shows it."""

PAYING_DAYS = 100
"""For so long the bad payers pay like the good ones."""

ROUND_UP_TO = 100_00

PROMISED_DAYS = 10
"""By then those of the key tier are promised what they order."""


def draw_for(*what: object) -> random.Random:
    """The dice for one thing."""
    return random.Random("/".join(map(str, (SEED, *what))))


def draw_for_item(item: Item) -> random.Random:
    """The dice for an item: not by its ids, which are different in every run."""
    return draw_for(item["account_number"], item["issued_on"], item["amount"])


def after(day: str | date, days: int) -> date:
    """The working day on or after so many days later."""
    start = date.fromisoformat(day) if isinstance(day, str) else day
    return next_working_day(start + timedelta(days=days))


def choose_order(client: Client, today: date) -> dict[str, Any] | None:
    """What a client orders today, if anything."""
    if client.onboarding_days is None:
        return None
    first = client.opens_on + timedelta(days=client.onboarding_days + 4)
    days = range(0, (LAST_DAY - FIRST_DAY).days, client.order_every_days)
    for number, offset in enumerate(days, start=1):
        if after(first, offset) == today:
            return _make_order(client, number, today)
    return None


def choose_payment(client: Client, items: Sequence[Item], today: date) -> dict[str, Any] | None:
    """What a client pays today for which of its open items, if anything."""
    if client.payer == Payer.IN_LUMPS:
        # One sum for all that is open, and not a word what it is for.
        total = sum(item["balance"] for item in items)
        is_pay_day = today == next_working_day(today.replace(day=20))
        return _pay(client, total, today) if is_pay_day and total else None
    shares = {item["item_id"]: _amount_due(client, item, today) for item in items}
    shares = {item_id: amount for item_id, amount in shares.items() if amount > 0}
    if not shares:
        return None
    total = sum(shares.values())
    if client.payer == Payer.TOO_MUCH:
        total = -(-total // ROUND_UP_TO) * ROUND_UP_TO
    instruction = [
        {"item_id": item_id, "amount": amount} for item_id, amount in sorted(shares.items())
    ]
    return {**_pay(client, total, today), "instruction": instruction}


def _make_order(client: Client, number: int, today: date) -> dict[str, Any]:
    draw = draw_for(client.number, "order", number)
    most = {"key": 24, "standard": 10, "small": 4}[client.tier]
    products = draw.sample(SUPPLIES, draw.randint(1, 4))
    lines = [_make_line(client, product, draw.randint(1, most)) for product in products]
    if draw.random() < (0.4 if number == 1 else 0.12):
        lines.append(_make_line(client, draw.choice(MACHINES), 1))
    if client.tier == "key":
        promised_on = str(after(today, PROMISED_DAYS))
        lines = [line | {"promised_on": promised_on} for line in lines]
    return {"reference": f"PO-{client.number}-{number:03}", "lines": lines}


def _make_line(client: Client, product: Sequence[Any], quantity: int) -> dict[str, Any]:
    sku, _, price, _ = product
    line = {"sku": sku, "quantity": str(quantity)}
    if client.currency == "GBP":
        line["unit_price"] = price * POUND_PERCENT // 100
    return line


def _amount_due(client: Client, item: Item, today: date) -> int:
    """How much of an item the client pays today."""
    percent = 0
    for day, last, share in _plan(client, item):
        if day <= today <= last:
            percent = share
    paid = item["amount"] - item["balance"]
    return max(0, item["amount"] * percent // 100 - paid)


def _plan(client: Client, item: Item) -> list[tuple[date, date, int]]:
    """From when to when a client would pay an item, up to which part of it in percent."""
    draw = draw_for_item(item)
    due, ever = item["due_date"], date.max
    is_good_yet = date.fromisoformat(item["issued_on"]) < client.opens_on + timedelta(PAYING_DAYS)
    match client.payer:
        case Payer.LATE:
            return [(after(due, draw.randint(4, 17)), ever, 100)]
        case Payer.VERY_LATE:
            return [(after(due, draw.randint(18, 52)), ever, 100)]
        case Payer.IN_PARTS:
            return [(after(due, 0), ever, 55), (after(due, draw.randint(26, 36)), ever, 100)]
        case Payer.BY_CHEQUE:
            day = after(due, draw.randint(0, 2))
            return [(day, day + timedelta(days=3), 100), (after(due, 26), ever, 100)]
        case Payer.NEVER | Payer.WHEN_PRESSED if not is_good_yet:
            return []
    return [(after(due, -draw.randint(0, 6)), ever, 100)]


def _pay(client: Client, amount: int, today: date) -> dict[str, Any]:
    method = "cheque" if client.payer == Payer.BY_CHEQUE else "transfer"
    return {
        "currency": client.currency,
        "amount": amount,
        "value_date": today.isoformat(),
        "method": method,
        "reference": f"{client.slug} {today:%d.%m.}",
    }
