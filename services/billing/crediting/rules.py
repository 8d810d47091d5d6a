"""What a credit note takes of its invoice, and what is left of that then: by line, by rate and in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.money import Money, round_half_up, split
from kernel.refusals import Conflict, Invalid
from services.billing.pricing.rules import RateTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """What is left to credit of an invoice's line, whose net and quantity may be below nothing."""

    position: int
    description: str
    order_line_id: str | None
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    net: int


class CreditedLine(NamedTuple):
    """A line of a credit note: what of the invoice's line it credits, net. A price reduction, which names
    a price, leaves the quantity billed."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    net: int
    invoice_position: int
    order_line_id: str | None
    is_price_reduction: bool


class Credit(NamedTuple):
    """What a credit note is to be: its lines, if it has any, and its totals by rate of tax."""

    lines: Sequence[CreditedLine]
    rates: Sequence[RateTotal]

    @property
    def total(self) -> int:
        """With tax."""
        return sum(rate.net + rate.tax for rate in self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditable:
    """An invoice as a credit note meets it: what it came to, and what earlier ones left of it."""

    name: str
    currency: str
    lines: Mapping[int, LineLeft]
    rates: Sequence[RateTotal]
    credited: Sequence[RateTotal]
    given_up: int = 0

    @property
    def left(self) -> list[RateTotal]:
        """What is left to credit at each rate."""
        return subtract(self.rates, self.credited)

    @property
    def total_left(self) -> int:
        """What is left to credit in all, with tax: not what was given up besides."""
        return sum(rate.net + rate.tax for rate in self.left) - self.given_up


def credit(
    invoice: Creditable,
    *,
    amount: int | None,
    lines: Sequence[Mapping[str, Any]] | None,
    rates: Sequence[Mapping[str, Any]] | None,
) -> Credit:
    """What is credited of an invoice: a gross amount; lines (position, quantity, unit_price) or net
    amounts by rate (tax_percent, net); all that is left where nothing is said. In minor units."""
    if sum(way is not None for way in (amount, lines, rates)) > 1:
        raise Invalid(
            "one_way_to_credit",
            "Give an amount, or lines, or rates; or none of them, for all that is left.",
            field="rates" if rates is not None else "lines",
        )
    if lines is not None:
        return credit_by_lines(invoice, lines)
    if rates is not None:
        return credit_by_rates(invoice, rates)
    chosen = credit_in_proportion(choose_amount(invoice, asked=amount), invoice.left)
    return _within(invoice, Credit((), chosen), field="amount")


def choose_amount(invoice: Creditable, *, asked: int | None) -> int:
    """What to credit of an invoice: what is asked, or all that has not been credited yet."""
    left = invoice.total_left
    amount = left if asked is None else asked
    if amount > left or left == 0:
        raise _exceeds_invoice(invoice, field="amount")
    return amount


def credit_in_proportion(amount: int, left: Sequence[RateTotal]) -> list[RateTotal]:
    """Divide a gross amount over what is left to credit at each rate, net and tax, in proportion.

    Largest remainder: the parts add up to the amount, none exceeds what is left of it, and crediting
    the whole rest leaves exactly nothing."""
    parts = split(amount, [part for rate in left for part in (rate.net, rate.tax)])
    credited = [
        RateTotal(rate.tax_percent, net, tax)
        for rate, net, tax in zip(left, parts[::2], parts[1::2], strict=True)
    ]
    return [rate for rate in credited if rate.net or rate.tax]


def credit_by_lines(invoice: Creditable, asked: Sequence[Mapping[str, Any]]) -> Credit:
    """Lines of the invoice, in part or whole, or their price lowered. Refused where one is not on it, is
    named twice, or comes to more than is left of it, of its rate or of the invoice."""
    credited = []
    for place, one in enumerate(asked):
        named_before = [earlier["position"] for earlier in asked[:place]]
        line = invoice.lines.get(one["position"])
        if line is None or one["position"] in named_before:
            raise _no_such_line(invoice, one["position"], field=f"lines/{place}/position")
        credited.append(_credit_line(invoice, line, one, field=f"lines/{place}"))
    nets = [(line.tax_percent, line.net) for line in credited]
    return _within(invoice, Credit(credited, tax_nets(invoice, nets, field="lines")), field="lines")


def credit_by_rates(invoice: Creditable, asked: Sequence[Mapping[str, Any]]) -> Credit:
    """Net amounts by rate of tax. Refused where the invoice has no such rate, one is named twice, or
    comes to more than is left of it or of the invoice."""
    known = [rate.tax_percent for rate in invoice.rates]
    for place, one in enumerate(asked):
        percent = one["tax_percent"]
        if percent not in known or percent in [earlier["tax_percent"] for earlier in asked[:place]]:
            raise _no_such_rate(invoice, percent, field=f"rates/{place}/tax_percent")
    nets = [(one["tax_percent"], one["net"]) for one in asked]
    return _within(invoice, Credit((), tax_nets(invoice, nets, field="rates")), field="rates")


def tax_nets(
    invoice: Creditable, nets: Iterable[tuple[Decimal, int]], *, field: str
) -> list[RateTotal]:
    """Net amounts summed by rate, with the tax of each: tax on all net credited at the rate so far, less
    the tax credited before. So all notes together come to the invoice, to the cent. Refused where more
    is asked than is left at a rate."""
    sums: dict[Decimal, int] = {}
    for percent, net in nets:
        sums[percent] = sums.get(percent, 0) + net
    invoiced = {rate.tax_percent: rate for rate in invoice.rates}
    before = {rate.tax_percent: rate for rate in invoice.credited}
    taxed = []
    for percent, net in sorted(sums.items()):
        earlier = before.get(percent, RateTotal(percent, 0, 0))
        _require_rate_left(invoice, invoiced[percent], earlier, net, field=field)
        tax = tax_of(net, invoiced=invoiced[percent], credited=earlier)
        taxed.append(RateTotal(percent, net, tax))
    return [rate for rate in taxed if rate.net or rate.tax]


def tax_of(net: int, *, invoiced: RateTotal, credited: RateTotal) -> int:
    """The tax of so much net credited at a rate, after what was credited before. 10.00 at 5 %, credited
    by 3.30, 3.30, 3.40: tax 0.17, 0.16, 0.17."""
    if net == 0:
        return 0
    so_far = credited.net + net
    tax = round_half_up(so_far * invoiced.tax_percent / 100)[0]
    if so_far == invoiced.net:
        tax = invoiced.tax
    least, most = sorted((credited.tax, invoiced.tax if net * invoiced.net > 0 else 0))
    return min(max(tax, least), most) - credited.tax


def subtract(rates: Sequence[RateTotal], credited: Sequence[RateTotal]) -> list[RateTotal]:
    """What is left to credit at each rate."""
    before = {rate.tax_percent: rate for rate in credited}
    return [
        RateTotal(rate.tax_percent, rate.net - done.net, rate.tax - done.tax)
        if (done := before.get(rate.tax_percent))
        else rate
        for rate in rates
    ]


def _credit_line(
    invoice: Creditable, line: LineLeft, asked: Mapping[str, Any], *, field: str
) -> CreditedLine:
    quantity = line.quantity if asked["quantity"] is None else asked["quantity"]
    if not _is_part(quantity, line.quantity):
        raise _exceeds_line(invoice, line, field=f"{field}/quantity")
    price = asked["unit_price"]
    if price is not None and price > line.unit_price:
        raise Invalid(
            "price_above_invoice",
            f"Line {line.position} was invoiced at {Money(line.unit_price, invoice.currency)} each; "
            "credit no more than that.",
            field=f"{field}/unit_price",
        )
    net = _share(line, quantity) if price is None else round_half_up(quantity * price)[0]
    if net and not _is_part(net, line.net):
        raise _exceeds_line(invoice, line, field=f"{field}/unit_price")
    return CreditedLine(
        line.description,
        quantity,
        _price(line, quantity, net) if price is None else price,
        line.tax_percent,
        net,
        line.position,
        line.order_line_id,
        is_price_reduction=price is not None,
    )


def _share(line: LineLeft, quantity: Decimal) -> int:
    """What so much of a line comes to, after what its price was lowered by before."""
    return round_half_up(line.net * quantity / line.quantity)[0]


def _price(line: LineLeft, quantity: Decimal, net: int) -> int:
    if net == round_half_up(quantity * line.unit_price)[0]:
        return line.unit_price
    return round_half_up(net / quantity)[0]


def _is_part(part: Decimal | int, whole: Decimal | int) -> bool:
    """Whether it is something of the whole, both above or both below nothing."""
    return 0 < part <= whole or 0 > part >= whole


def _require_rate_left(
    invoice: Creditable, invoiced: RateTotal, credited: RateTotal, net: int, *, field: str
) -> None:
    """All that is credited at a rate lies between nothing and what was invoiced at it."""
    least, most = sorted((0, invoiced.net))
    if not least <= credited.net + net <= most:
        left = Money(invoiced.net - credited.net, invoice.currency)
        raise Conflict(
            "exceeds_rate",
            f"Of invoice {invoice.name}, {left} net is left to credit at "
            f"{_plain(invoiced.tax_percent)} %; credit no more than that.",
            field=field,
            left=left.minor,
        )


def _within(invoice: Creditable, asked: Credit, *, field: str) -> Credit:
    if asked.total <= 0:
        raise Invalid(
            "nothing_credited",
            f"That comes to {Money(asked.total, invoice.currency)}; credit something.",
            field=field,
        )
    if asked.total > invoice.total_left:
        raise _exceeds_invoice(invoice, field=field)
    rest = subtract(invoice.left, asked.rates)
    if sum(rate.net + rate.tax for rate in rest) == 0 and any(
        rate.net or rate.tax for rate in rest
    ):
        raise Conflict(
            "rates_left",
            f"Nothing would be left of invoice {invoice.name}, but of its rates; credit less, or all "
            "that is left (no amount, lines or rates).",
            field=field,
        )
    return asked


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _exceeds_invoice(invoice: Creditable, *, field: str) -> Conflict:
    left = Money(invoice.total_left, invoice.currency)
    return Conflict(
        "credit_exceeds_invoice",
        f"Of invoice {invoice.name}, {left} is left to credit; ask for no more than that.",
        field=field,
        left=left.minor,
    )


def _exceeds_line(invoice: Creditable, line: LineLeft, *, field: str) -> Conflict:
    left = Money(line.net, invoice.currency)
    return Conflict(
        "exceeds_line",
        f"Of line {line.position} of invoice {invoice.name}, quantity {_plain(line.quantity)} is left to "
        f"credit, {left} net; credit no more than that.",
        field=field,
        position=line.position,
        left=left.minor,
    )


def _no_such_line(invoice: Creditable, position: int, *, field: str) -> Invalid:
    named = ", ".join(str(one) for one in sorted(invoice.lines))
    return Invalid(
        "no_such_line",
        f"Line {position} is not on invoice {invoice.name}, or named twice; its lines are {named}.",
        field=field,
    )


def _no_such_rate(invoice: Creditable, percent: Decimal, *, field: str) -> Invalid:
    named = ", ".join(f"{_plain(rate.tax_percent)} %" for rate in invoice.rates)
    return Invalid(
        "no_such_rate",
        f"Invoice {invoice.name} has nothing at {_plain(percent)} %, or it is named twice; "
        f"it has {named}.",
        field=field,
    )
