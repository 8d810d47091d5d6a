"""What the lines of a document come to, net and with tax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from kernel.money import AMOUNT_MAX, round_half_up
from kernel.refusals import Invalid


class PricedLine(NamedTuple):
    """A line and what it comes to, net."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    net: int
    order_line_id: str | None = None


class RateTotal(NamedTuple):
    """What a document comes to at one rate of tax."""

    tax_percent: Decimal
    net: int
    tax: int


class Line(Protocol):
    """What every line of a document says."""

    def _asdict(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Priced:
    """What a document comes to: its lines, its totals by rate of tax, its totals."""

    lines: tuple[Line, ...]
    rates: tuple[RateTotal, ...]

    @property
    def net(self) -> int:
        return sum(rate.net for rate in self.rates)

    @property
    def tax(self) -> int:
        return sum(rate.tax for rate in self.rates)

    @property
    def total(self) -> int:
        return self.net + self.tax


def price(lines: Sequence[Mapping[str, Any]]) -> Priced:
    """What lines of description, quantity, unit_price (net, minor units), tax_percent and perhaps
    order_line_id come to.

    A line's net is quantity × unit price, rounded half up. Tax is taken per rate on the sum of the
    net lines of that rate in the document, rounded half up once."""
    priced = tuple(
        PricedLine(**line, net=round_half_up(line["quantity"] * line["unit_price"])[0])
        for line in lines
    )
    return Priced(priced, total_by_rate((line.tax_percent, line.net) for line in priced))


def total_by_rate(nets: Iterable[tuple[Decimal, int]]) -> tuple[RateTotal, ...]:
    """What lines come to at each rate, given the rate and the net amount of each."""
    sums: dict[Decimal, int] = {}
    for percent, net in nets:
        sums[percent] = sums.get(percent, 0) + net
    return tuple(
        RateTotal(percent, net, round_half_up(net * percent / 100)[0])
        for percent, net in sorted(sums.items())
    )


def require_amount(priced: Priced) -> None:
    """A document must come to something, and neither it nor a line or rate of it, whatever others take
    off, to more than can be kept."""
    parts = [amount for rate in priced.rates for amount in (rate.net, rate.tax)]
    parts += [priced.net, priced.tax, *(line._asdict()["net"] for line in priced.lines)]
    if not 0 < priced.total <= AMOUNT_MAX or any(abs(part) > AMOUNT_MAX for part in parts):
        raise Invalid(
            "total_out_of_range",
            f"The document comes to {priced.total} minor units; it must come to 1 to {AMOUNT_MAX}, and "
            "each line and rate of it to no more, either way.",
            field="lines",
        )
