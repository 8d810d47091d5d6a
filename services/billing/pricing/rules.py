"""What the lines of a document come to, net and with tax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from kernel.money import AMOUNT_MAX, round_half_up
from kernel.refusals import Invalid
from services.billing.taxes.rules import (
    Rounding,
    TaxCode,
    TaxRate,
    choose_code,
    join_reasons,
    tax_on,
)


class PricedLine(NamedTuple):
    """A line and what it comes to, net."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: TaxCode
    net: int
    exemption_reason: str | None = None
    order_line_id: str | None = None


class RateTotal(NamedTuple):
    """What a document comes to at one rate of tax, and why no tax is taken, where that must be said."""

    tax_percent: Decimal
    tax_code: TaxCode
    net: int
    tax: int
    exemption_reason: str | None = None

    @property
    def rate(self) -> TaxRate:
        return TaxRate(self.tax_percent, self.tax_code)

    @property
    def total(self) -> int:
        """With tax."""
        return self.net + self.tax

    def less(self, other: RateTotal) -> RateTotal:
        """What is left at the rate when that much is taken of it."""
        return self._replace(net=self.net - other.net, tax=self.tax - other.tax)


class Line(Protocol):
    """What every line of a document says."""

    def _asdict(self) -> dict[str, Any]: ...


class TaxedLine(Protocol):
    """A line that is taxed."""

    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def tax_code(self) -> str: ...
    @property
    def net(self) -> int: ...
    @property
    def exemption_reason(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Priced:
    """What a document comes to: its lines, its totals by rate of tax, its totals; and what its tax is
    rounded by."""

    lines: tuple[Line, ...]
    rates: tuple[RateTotal, ...]
    rounding: Rounding = Rounding.DOCUMENT
    net: int = field(init=False)
    tax: int = field(init=False)

    def __post_init__(self) -> None:  # summed once: of an invoice they are asked for ten times
        object.__setattr__(self, "net", sum(rate.net for rate in self.rates))
        object.__setattr__(self, "tax", sum(rate.tax for rate in self.rates))

    @property
    def total(self) -> int:
        return self.net + self.tax


def price(lines: Sequence[Mapping[str, Any]], *, rounding: Rounding) -> Priced:
    """What lines of description, quantity, unit_price (net, minor units), tax_percent and perhaps
    tax_code, exemption_reason, order_line_id come to.

    A line's net is quantity × unit price, rounded half up. Tax is rounded half up too: once for each rate
    on the document, or for each line. Refused where code, percentage and reason do not fit together."""
    priced = tuple(_price(line, field=f"lines/{place}") for place, line in enumerate(lines))
    return Priced(priced, total_by_rate(priced, rounding=rounding), rounding)


def _price(line: Mapping[str, Any], *, field: str) -> PricedLine:
    code = choose_code(
        line["tax_percent"], line.get("tax_code"), line.get("exemption_reason"), field=field
    )
    net = round_half_up(line["quantity"] * line["unit_price"])[0]
    return PricedLine(**{**line, "tax_code": code, "net": net})


def total_by_rate(lines: Iterable[TaxedLine], *, rounding: str) -> tuple[RateTotal, ...]:
    """What lines come to at each rate of tax."""
    by_rate: defaultdict[TaxRate, list[TaxedLine]] = defaultdict(list)
    for line in lines:
        by_rate[TaxRate(line.tax_percent, TaxCode(line.tax_code))].append(line)
    return tuple(
        RateTotal(
            *rate,
            sum(line.net for line in own),
            sum(tax_on(net, rate.tax_percent) for net in _rounded_alone(own, rounding)),
            join_reasons(line.exemption_reason for line in own),
        )
        for rate, own in sorted(by_rate.items())
    )


def _rounded_alone(lines: Sequence[TaxedLine], rounding: str) -> list[int]:
    """The net amounts of which each has its tax rounded."""
    nets = [line.net for line in lines]
    return nets if rounding == Rounding.LINE else [sum(nets)]


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


class Net(NamedTuple):
    """A net amount that is credited at a rate, and its tax where that is rounded by line."""

    net: int
    tax: int | None = None


def tax_of(asked: Net, *, invoiced: RateTotal, credited: RateTotal) -> int:
    """The tax of so much net credited at a rate, after what was credited before: never more than was
    invoiced, and with the last of the net all of it. 10.00 at 5 %, credited by 3.30, 3.30, 3.40: tax
    0.17, 0.16, 0.17."""
    if asked.net == 0:
        return 0
    so_far = credited.net + asked.net
    tax = tax_on(so_far, invoiced.tax_percent)
    if asked.tax is not None:
        tax = credited.tax + asked.tax
    if so_far == invoiced.net:
        tax = invoiced.tax
    least, most = sorted((credited.tax, invoiced.tax if asked.net * invoiced.net > 0 else 0))
    return min(max(tax, least), most) - credited.tax


def subtract(rates: Sequence[RateTotal], credited: Sequence[RateTotal]) -> list[RateTotal]:
    """What is left to credit at each rate."""
    before = {each.rate: each for each in credited}
    return [each.less(before[each.rate]) if each.rate in before else each for each in rates]
