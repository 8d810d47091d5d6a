"""What of an advance is taken off where, rate by rate, so that an order is billed once and its taxes come
out right to the cent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kernel.money import split
from kernel.refusals import Conflict
from services.billing.pricing.rules import Priced, RateTotal
from services.billing.taxes.rules import TaxCode


class Part(NamedTuple):
    """A part of an advance at one rate of tax."""

    advance_id: str
    tax_percent: Decimal
    tax_code: TaxCode
    net: int
    tax: int


class AdvanceLine(NamedTuple):
    """The line of an invoice that takes a part of an advance off."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: TaxCode
    exemption_reason: str | None
    net: int
    advance_id: str


class Amounts:
    """Net and tax by rate, of which parts are taken."""

    def __init__(self, rates: Sequence[RateTotal]) -> None:
        self._by_rate = {each.rate: each for each in rates}

    @property
    def rates(self) -> list[RateTotal]:
        """What is left, by rate."""
        return [self._by_rate[rate] for rate in sorted(self._by_rate)]

    @property
    def total(self) -> int:
        """What is left, with tax."""
        return sum(each.total for each in self._by_rate.values())

    def at(self, like: RateTotal) -> RateTotal:
        """What is left at the rate of another total."""
        return self._by_rate.get(like.rate, like._replace(net=0, tax=0))

    def take(self, part: RateTotal) -> None:
        """Take this much; where there is less at the rate, below nothing."""
        self._by_rate[part.rate] = self.at(part).less(part)


class AccountOrder(NamedTuple):
    """An order of an account, as far as it is in one currency."""

    order_id: str
    account_id: str
    currency: str


@dataclass(frozen=True, slots=True)
class Advance:
    """An invoice made ahead, with what of it is ahead still."""

    invoice_id: str
    account_id: str
    order_id: str
    currency: str
    number: str
    issued_on: date
    left: Amounts
    for_account_id: str | None = None

    @property
    def order(self) -> AccountOrder:
        """Whose order it is ahead of, whoever was billed."""
        return AccountOrder(self.order_id, self.for_account_id or self.account_id, self.currency)


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A shipment whose invoice is void, with what of it was not billed again."""

    invoice_id: str
    order_id: str
    currency: str
    left: Amounts


def take_same_rates(goods: Amounts, advances: Sequence[Advance]) -> list[Part]:
    """Take off goods what the advances, the first first, have at the same rates: net up to net and tax
    up to tax. Goods and advances have that much less afterwards."""
    return [part for advance in advances for part in _take(goods, advance, _same(goods, advance))]


def take_off(goods: Amounts, advances: Sequence[Advance]) -> list[Part]:
    """Take off goods what was billed ahead: at the same rates first, then, while something is left of
    both, whatever the rate. So no more is billed than was shipped or billed ahead, whichever is more;
    and once all that was billed ahead is taken off, each rate was billed for exactly what was shipped
    at it. Goods and advances have that much less afterwards."""
    parts = take_same_rates(goods, advances)
    for advance in advances:
        amount = min(goods.total, advance.left.total)
        if amount > 0:
            parts += _take(goods, advance, _in_proportion(amount, advance.left.rates))
    return _merge(parts)


def reduce(
    goods: Priced, left: Amounts, parts: Sequence[Part], advances: Sequence[Advance]
) -> Priced:
    """The goods with a line for each part that was taken off them, and with what is left of them."""
    named = {advance.invoice_id: advance for advance in advances}
    lines = [_line(part, named[part.advance_id]) for part in parts]
    return replace(goods, lines=(*goods.lines, *lines), rates=tuple(left.rates))


def require_not_taken_off(name: str, *, others: Collection[str]) -> None:
    """What was taken off other invoices is not voided: they would be too low."""
    if others:
        listed = ", ".join(others)
        raise Conflict(
            "invoice_taken_off",
            f"Invoice {name} was billed ahead and taken off {listed}; credit it instead, or void "
            f"{listed} first.",
        )


def _same(goods: Amounts, advance: Advance) -> Iterator[RateTotal]:
    for each in advance.left.rates:
        wanted = goods.at(each)
        net, tax = min(each.net, wanted.net), min(each.tax, wanted.tax)
        yield each._replace(net=max(0, net), tax=max(0, tax))


def _in_proportion(amount: int, rates: Sequence[RateTotal]) -> Iterator[RateTotal]:
    shares = iter(split(amount, [share for rate in rates for share in (rate.net, rate.tax)]))
    for rate in rates:
        yield rate._replace(net=next(shares), tax=next(shares))


def _take(goods: Amounts, advance: Advance, rates: Iterator[RateTotal]) -> Iterator[Part]:
    for rate in list(rates):
        if rate.net or rate.tax:
            goods.take(rate)
            advance.left.take(rate)
            yield Part(advance.invoice_id, *rate.rate, rate.net, rate.tax)


def _merge(parts: Sequence[Part]) -> list[Part]:
    """One part for each advance and rate."""
    merged: dict[tuple[str, Decimal, TaxCode], Part] = {}
    for part in parts:
        key = part[:3]
        before = merged.get(key, Part(*key, 0, 0))
        merged[key] = Part(*key, before.net + part.net, before.tax + part.tax)
    return list(merged.values())


def _line(part: Part, advance: Advance) -> AdvanceLine:
    ahead = advance.left.at(RateTotal(*part[1:]))
    return AdvanceLine(
        description=f"Billed ahead on invoice {advance.number} of {advance.issued_on}",
        quantity=Decimal(-1),
        unit_price=part.net,
        tax_percent=part.tax_percent,
        tax_code=part.tax_code,
        exemption_reason=ahead.exemption_reason,
        net=-part.net,
        advance_id=part.advance_id,
    )
