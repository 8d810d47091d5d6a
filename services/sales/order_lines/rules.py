"""What a line may say: its price, its promise, goods that come back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from kernel.money import round_half_up
from kernel.refusals import Invalid
from services.sales.products.rules import why_not_orderable


class Offered(Protocol):
    """A product, as far as it matters here."""

    @property
    def product_id(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def is_active(self) -> bool: ...


class Counted(Protocol):
    """How much of a line left the house."""

    @property
    def shipped(self) -> Decimal: ...


class Sold(Protocol):
    """A line by which something was sold, as far as it matters here."""

    @property
    def product_id(self) -> str: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def discount_percent(self) -> Decimal: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def quantities(self) -> Counted: ...


def freeze(line: Mapping[str, Any], product: Offered, sold: Sold | None) -> dict[str, Any]:
    """What a new line says for ever: name, price and tax of this moment, or, of goods that come back,
    price, discount and tax of when they were sold."""
    unit_price = line.get("unit_price", product.unit_price) if sold is None else sold.unit_price
    discount = line["discount_percent"] if sold is None else sold.discount_percent
    return {
        "product_id": product.product_id,
        "sku": product.sku,
        "description": product.name,
        "unit_price": unit_price,
        "discount_percent": discount,
        "net_unit_price": net_unit_price(unit_price, discount),
        "tax_percent": (product if sold is None else sold).tax_percent,
        "quantity": line["quantity"],
        "promised_on": line["promised_on"],
        "note": line["note"],
        "returns_line_id": line["returns_line_id"],
    }


def find_problems(
    line: Mapping[str, Any],
    product: Offered | None,
    sold: Sold | None,
    *,
    currency: str,
    today: date,
    ordered_on: date,
) -> list[tuple[str, str]]:
    """What is wrong with a line to be ordered: the field and a sentence. Nothing is promised for a day
    before it is ordered, which may have been on a day gone by."""
    key = "product_id" if "product_id" in line else "sku"
    if product is None:
        finds = "GET /v1/products?search= finds what there is"
        return [(key, f"There is no product {line[key]}; {finds}.")]
    unorderable = why_not_orderable(
        sku=product.sku,
        is_active=product.is_active or line["quantity"] < 0,
        price_currency=product.currency,
        currency=currency,
        is_priced_by_hand="unit_price" in line or line["returns_line_id"] is not None,
    )
    problems = [
        (key, unorderable),
        ("promised_on", why_not_promised(line["promised_on"], today=today, first=ordered_on)),
    ]
    if line["returns_line_id"] is not None:
        problems.append(why_not_sold(line, sold, product_id=product.product_id))
    return [(field, sentence) for field, sentence in problems if sentence is not None]


def why_not_sold(
    line: Mapping[str, Any], sold: Sold | None, *, product_id: str
) -> tuple[str, str | None]:
    """The field and the sentence that say why goods cannot come back that a line says were sold by
    another; no sentence if they can. How much of it came back already is not known here."""
    if line["quantity"] > 0:
        return (
            "quantity",
            "Goods that come back have a quantity below 0; or leave returns_line_id out.",
        )
    if line.get("unit_price") is not None or line.get("discount_percent"):
        return (
            "unit_price",
            "Price and discount are those of the line they were sold by; leave them out.",
        )
    if sold is None:
        return "returns_line_id", (
            f"The account bought nothing in this currency by line {line['returns_line_id']}; name a line "
            "of an order of its own that is confirmed, or leave it out."
        )
    if sold.product_id != product_id:
        return "returns_line_id", "That line is of another product; name the product that was sold."
    if -line["quantity"] > sold.quantities.shipped:
        return "quantity", (
            f"Of that line {shown(sold.quantities.shipped)} left the house; at most that comes back."
        )
    return "quantity", None


def require_sold(
    sold: Sold | None, line: Mapping[str, Any], *, product_id: str, place: str = ""
) -> None:
    """Refuse (`not_sold`) what `why_not_sold` finds wrong; `place` is where the line stands."""
    field, problem = why_not_sold(line, sold, product_id=product_id)
    if problem is not None:
        raise Invalid("not_sold", problem, field=f"{place}{field}")


def require_direction(quantity: Decimal, *, was: Decimal, field: str = "quantity") -> None:
    """Refuse to turn goods that go out into goods that come back."""
    if (quantity < 0) != (was < 0):
        side = "above" if was > 0 else "below"
        raise Invalid(
            "other_direction",
            f"The line's quantity is {side} 0 and stays so; add another line for goods that go the other "
            "way.",
            field=field,
        )


def shown(quantity: Decimal) -> str:
    """A quantity as people write it."""
    return f"{quantity.normalize():f}"


def why_not_promised(promised_on: date | None, *, today: date, first: date) -> str | None:
    """The sentence that says why a day cannot be promised; none if it can. The first that can is today,
    or the day on which an order of days gone by was placed."""
    if promised_on is None or promised_on >= first:
        return None
    why = "is over" if first == today else f"is before ordered_on, {first}"
    return f"{promised_on} {why}; promise {first} or a later day, or leave it out."


def require_promise(promised_on: date | None, *, today: date, field: str = "promised_on") -> None:
    """Refuse (`promised_in_past`) to promise what is over."""
    problem = why_not_promised(promised_on, today=today, first=today)
    if problem is not None:
        raise Invalid("promised_in_past", problem, field=field)


def net_unit_price(unit_price: int, discount_percent: Decimal) -> int:
    """The unit price after discount, rounded half up to whole minor units."""
    return round_half_up(unit_price * (100 - discount_percent) / 100)[0]
