"""What a credit note takes of its invoice, and what is left of that then: by line, by rate and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.money import Money, round_half_up, split
from kernel.refusals import Conflict, Invalid
from services.billing.pricing.rules import Net, RateTotal, subtract, tax_of
from services.billing.taxes.rules import Rounding, TaxCode, TaxRate, tax_on

RESTOCKING_FEE = "Restocking fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft:
    """What is left to credit of an invoice's line, whose net and quantity may be below nothing, and what
    was credited of it, net."""

    position: int
    description: str
    order_line_id: str | None
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: TaxCode
    exemption_reason: str | None
    net: int
    credited: int

    @property
    def rate(self) -> TaxRate:
        return TaxRate(self.tax_percent, self.tax_code)

    def tax_of(self, net: int) -> int:
        """The tax of so much more of the line's net, where the line has its tax rounded by itself."""
        before = tax_on(self.credited, self.tax_percent)
        return tax_on(self.credited + net, self.tax_percent) - before


class CreditedLine(NamedTuple):
    """A line of a credit note: what of the invoice's line it credits, net, or what is kept back of that.
    A price reduction, which names a price, leaves the quantity billed."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: TaxCode
    exemption_reason: str | None
    net: int
    invoice_position: int | None
    order_line_id: str | None
    is_price_reduction: bool

    @property
    def rate(self) -> TaxRate:
        return TaxRate(self.tax_percent, self.tax_code)


class Credit(NamedTuple):
    """What a credit note is to be: its lines, if it has any, and its totals by rate of tax."""

    lines: Sequence[CreditedLine]
    rates: Sequence[RateTotal]

    @property
    def total(self) -> int:
        """With tax."""
        return sum(rate.total for rate in self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditable:
    """An invoice as a credit note meets it: what it came to, what its tax was rounded by, and what
    earlier ones left of it."""

    name: str
    currency: str
    lines: Mapping[int, LineLeft]
    rates: Sequence[RateTotal]
    credited: Sequence[RateTotal]
    rounding: str
    given_up: int = 0

    @property
    def left(self) -> list[RateTotal]:
        """What is left to credit at each rate."""
        return subtract(self.rates, self.credited)

    @property
    def total_left(self) -> int:
        """What is left to credit in all, with tax: not what was given up besides."""
        return sum(rate.total for rate in self.left) - self.given_up


def credit(
    invoice: Creditable,
    *,
    amount: int | None,
    lines: Sequence[Mapping[str, Any]] | None,
    rates: Sequence[Mapping[str, Any]] | None,
) -> Credit:
    """What is credited of an invoice: a gross amount; lines (position, quantity, unit_price) or net
    amounts by rate (tax_percent, perhaps tax_code, net); all that is left where nothing is said. In
    minor units."""
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
        rate._replace(net=net, tax=tax)
        for rate, net, tax in zip(left, parts[::2], parts[1::2], strict=True)
    ]
    return [rate for rate in credited if rate.net or rate.tax]


def credit_by_lines(invoice: Creditable, asked: Sequence[Mapping[str, Any]]) -> Credit:
    """Lines of the invoice, in part or whole, or their price lowered (or both, one after the other), less
    what is kept back of each. Refused where one is not on it, is named twice for the same, or comes to
    more than is left of it, of its rate or of the invoice."""
    credited: list[CreditedLine] = []
    kept_back: list[CreditedLine] = []
    lines = dict(invoice.lines)
    named = [(one["position"], one["unit_price"]) for one in asked]
    for place, one in enumerate(asked):
        line = lines.get(one["position"])
        if line is None or named[place] in named[:place]:
            raise _no_such_line(invoice, one["position"], field=f"lines/{place}/position")
        credited.append(_credit_line(invoice, line, one, field=f"lines/{place}"))
        lines[line.position] = _left_of(line, credited[-1])
        kept_back += _keep_back(invoice, credited[-1], one, field=f"lines/{place}")
    credited += kept_back
    rates = tax_nets(invoice, _net_of_lines(invoice, credited), field="lines")
    return _within(invoice, Credit(credited, rates), field="lines")


def credit_by_rates(invoice: Creditable, asked: Sequence[Mapping[str, Any]]) -> Credit:
    """Net amounts by rate of tax. Refused where the invoice has no such rate, one is named twice, or
    comes to more than is left of it or of the invoice."""
    nets: dict[TaxRate, Net] = {}
    for place, one in enumerate(asked):
        rate = _choose_rate(invoice, one, field=f"rates/{place}")
        if rate in nets:
            raise _no_such_rate(invoice, one["tax_percent"], field=f"rates/{place}/tax_percent")
        nets[rate] = Net(one["net"])
    return _within(invoice, Credit((), tax_nets(invoice, nets, field="rates")), field="rates")


def tax_nets(invoice: Creditable, nets: Mapping[TaxRate, Net], *, field: str) -> list[RateTotal]:
    """Net amounts by rate, with the tax of each: tax on all net credited at the rate so far, less
    the tax credited before. So all notes together come to the invoice, to the cent. Refused where more
    is asked than is left at a rate."""
    invoiced = {each.rate: each for each in invoice.rates}
    before = {each.rate: each for each in invoice.credited}
    taxed = []
    for rate, asked in sorted(nets.items()):
        earlier = before.get(rate, invoiced[rate]._replace(net=0, tax=0))
        _require_rate_left(invoice, invoiced[rate], earlier, asked.net, field=field)
        tax = tax_of(asked, invoiced=invoiced[rate], credited=earlier)
        taxed.append(invoiced[rate]._replace(net=asked.net, tax=tax))
    return [each for each in taxed if each.net or each.tax]


def take(invoice: Creditable, credited: Credit) -> Creditable:
    """The invoice as the next credit note meets it."""
    lines = dict(invoice.lines)
    for line in credited.lines:
        if line.invoice_position is None:  # what is kept back
            continue
        lines[line.invoice_position] = _left_of(lines[line.invoice_position], line)
    return replace(invoice, lines=lines, credited=_add(invoice.credited, credited.rates))


def _left_of(line: LineLeft, credited: CreditedLine) -> LineLeft:
    left = line.quantity if credited.is_price_reduction else line.quantity - credited.quantity
    net, gone = line.net - credited.net, line.credited + credited.net
    return replace(line, quantity=left, net=net, credited=gone)


def _net_of_lines(invoice: Creditable, credited: Sequence[CreditedLine]) -> dict[TaxRate, Net]:
    """What lines credit at each rate, with its tax where the invoice had it rounded by line."""
    nets: dict[TaxRate, Net] = {}
    by_line = invoice.rounding == Rounding.LINE
    lines = dict(invoice.lines)
    for one in credited:
        sums = nets.get(one.rate, Net(0, 0 if by_line else None))
        line = lines.get(one.invoice_position or 0)
        own = tax_on(one.net, one.tax_percent) if line is None else line.tax_of(one.net)
        if line is not None:
            lines[line.position] = _left_of(line, one)
        tax = None if sums.tax is None else sums.tax + own
        nets[one.rate] = Net(sums.net + one.net, tax)
    return nets


def _choose_rate(invoice: Creditable, asked: Mapping[str, Any], *, field: str) -> TaxRate:
    """The rate of an invoice that is asked for by percentage and, where it has several at that, by
    code."""
    percent, code = asked["tax_percent"], asked.get("tax_code")
    at_it = [each.rate for each in invoice.rates if each.tax_percent == percent]
    found = [rate for rate in at_it if code in (None, rate.tax_code)]
    if not found:
        raise _no_such_rate(invoice, percent, field=f"{field}/tax_percent")
    if len(found) > 1:
        named = " and ".join(rate.tax_code for rate in found)
        raise Invalid(
            "tax_code_missing",
            f"Invoice {invoice.name} has {named} at {_plain(percent)} %; name the tax_code.",
            field=f"{field}/tax_code",
        )
    return found[0]


def _add(rates: Sequence[RateTotal], more: Sequence[RateTotal]) -> list[RateTotal]:
    sums: dict[TaxRate, RateTotal] = {}
    for each in (*rates, *more):
        before = sums.get(each.rate, each._replace(net=0, tax=0))
        sums[each.rate] = before._replace(net=before.net + each.net, tax=before.tax + each.tax)
    return list(sums.values())


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
    net = share(line, quantity) if price is None else round_half_up(quantity * price)[0]
    if net and not _is_part(net, line.net):
        raise _exceeds_line(invoice, line, field=f"{field}/unit_price")
    return CreditedLine(
        description=line.description,
        quantity=quantity,
        unit_price=_price(line, quantity, net) if price is None else price,
        tax_percent=line.tax_percent,
        tax_code=line.tax_code,
        exemption_reason=line.exemption_reason,
        net=net,
        invoice_position=line.position,
        order_line_id=line.order_line_id,
        is_price_reduction=price is not None,
    )


def _keep_back(
    invoice: Creditable, credited: CreditedLine, asked: Mapping[str, Any], *, field: str
) -> list[CreditedLine]:
    """The line, of none of the invoice's, that takes off a credited one what is kept back of it."""
    kept_back = asked.get("kept_back", 0)
    if not 0 <= kept_back <= max(credited.net, 0):
        raise Invalid(
            "kept_back_exceeds_credit",
            f"Of line {credited.invoice_position}, {Money(credited.net, invoice.currency)} net is "
            "credited; keep back no more than that.",
            field=f"{field}/kept_back",
        )
    fee = credited._replace(
        description=f"{RESTOCKING_FEE}: {credited.description}",
        quantity=Decimal(-1),
        unit_price=kept_back,
        net=-kept_back,
        invoice_position=None,
        order_line_id=None,
        is_price_reduction=False,
    )
    return [fee] if kept_back else []


def share(line: LineLeft, quantity: Decimal) -> int:
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
    if sum(rate.total for rate in rest) == 0 and any(rate.net or rate.tax for rate in rest):
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
    named = ", ".join(f"{_plain(rate.tax_percent)} % {rate.tax_code}" for rate in invoice.rates)
    return Invalid(
        "no_such_rate",
        f"Invoice {invoice.name} has nothing at {_plain(percent)} %, or it is named twice; "
        f"it has {named}.",
        field=field,
    )
