"""What of goods that came back is not billed any more, what is credited, and of which invoice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from kernel.money import round_half_up, split
from kernel.refusals import Conflict, NotKnownYet
from services.billing.crediting.rules import RESTOCKING_FEE, Creditable, share
from services.billing.credits.rules import Grounds
from services.billing.taxes.rules import TaxRate


class Returned(NamedTuple):
    """How much of an order line came back, and what is kept back of that, net, in minor units. With
    `lowered_by` the goods stay with the client, and the price of each is that much less. What is `unsold`
    no order of ours had sold before; it says what is credited for it."""

    order_line_id: str
    quantity: Decimal
    kept_back: int
    lowered_by: int | None = None
    unsold: Mapping[str, Any] | None = None

    @property
    def is_back(self) -> bool:
        """Whether it is goods of the order line that came back."""
        return self.lowered_by is None and self.unsold is None


class LineKey(NamedTuple):
    """An order line of an account, as far as it is in one currency."""

    account_id: str
    currency: str
    order_line_id: str


class Part(NamedTuple):
    """A part of a return, and whose that is."""

    return_id: str
    part: int
    account_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A part of a return as sales accepted it."""

    account_id: str
    return_id: str
    part: int
    number: str
    order_id: str
    currency: str
    lines: Sequence[Returned]

    @property
    def name(self) -> Part:
        return Part(self.return_id, self.part, self.account_id)

    @property
    def sold(self) -> list[Returned]:
        """Goods that an order of ours had sold."""
        return [line for line in self.lines if line.unsold is None]

    @property
    def keys(self) -> list[LineKey]:
        """The order lines that had sold them."""
        return [*dict.fromkeys(self.key_of(line) for line in self.sold)]

    def key_of(self, line: Returned) -> LineKey:
        return LineKey(self.account_id, self.currency, line.order_line_id)

    def shipped_as(self, line: Returned) -> tuple[str, str]:
        """The account to which a line was shipped, whatever the currency, and its order line."""
        return self.account_id, line.order_line_id

    @property
    def free(self) -> dict[str, Any] | None:
        """Whom a credit note is for that names no invoice, if there is something to credit by one."""
        unsold = unsold_lines(self.lines)
        if not unsold:
            return None
        whose = {"account_id": self.account_id, "currency": self.currency, "order_id": None}
        return {**whose, "lines": unsold, **self._said}

    def credit_notes(
        self, lines: Mapping[str, Sequence[Any]], rates: Mapping[str, Sequence[Any]]
    ) -> list[dict[str, Any]]:
        """What is to be credited of invoices, by lines or by net amounts, and without any."""
        ways = [{"invoice_id": one, "lines": of_it, "rates": None} for one, of_it in lines.items()]
        ways += [{"invoice_id": one, "lines": None, "rates": of_it} for one, of_it in rates.items()]
        rows: list[dict[str, Any]] = [
            {"on_invoice": {"amount": None, **way, **self._said}, "free": None} for way in ways
        ]
        return rows + [{"on_invoice": None, "free": self.free}] * (self.free is not None)

    @property
    def grounds(self) -> Grounds:
        return Grounds(
            reason=f"Return {self.number}", return_id=self.return_id, return_part=self.part
        )

    @property
    def _said(self) -> dict[str, Any]:
        why = {"reason": self.grounds.reason, "remedy_id": None, "issued_on": None}
        return {**why, "return_id": self.return_id, "return_part": self.part}


class BilledLine(NamedTuple):
    """The line of an invoice that bills an order line, and how much of it is not credited."""

    order_line_id: str
    invoice_id: str
    position: int
    left: Decimal


class WaitingLine(NamedTuple):
    """What is to be billed of an order line and is not billed yet, and how it is taxed."""

    order_line_id: str
    billable_id: str
    description: str
    tax: Mapping[str, Any]
    left: Decimal


class TakenOff(NamedTuple):
    """The line of an invoice that takes off what was billed ahead of it, and by which that was."""

    position: int
    advance_id: str


Line = WaitingLine | BilledLine
AnyLine = TypeVar("AnyLine", WaitingLine, BilledLine, WaitingLine | BilledLine)


@dataclass
class Settlement:
    """What becomes of a return. Of what waits: how much of it is not billed any more, and what is kept
    back of that, to be billed instead. By invoice: the lines that are credited of it. And in all, by
    order lines."""

    cancelled: dict[str, Decimal] = field(default_factory=dict)
    fees: list[tuple[WaitingLine, int]] = field(default_factory=list)
    credits: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    credited: dict[str, Decimal] = field(default_factory=dict)
    not_billed: dict[str, Decimal] = field(default_factory=dict)

    @property
    def taken(self) -> dict[tuple[str, int], Decimal]:
        """What is credited of lines of invoices by quantity, which is billed no longer."""
        return {
            (invoice_id, line["position"]): line["quantity"]
            for invoice_id, lines in self.credits.items()
            for line in lines
            if line["unit_price"] is None
        }

    def lower(self, line: BilledLine, quantity: Decimal, lowered_by: int) -> None:
        """Credit a part of the price of what stays with the client."""
        asked = {"position": line.position, "quantity": quantity, "unit_price": lowered_by}
        self.credits.setdefault(line.invoice_id, []).append({**asked, "kept_back": 0})

    def take(self, line: Line, quantity: Decimal, kept_back: int) -> None:
        """Settle a part of what came back with what waits, or with what billed it."""
        if isinstance(line, WaitingLine):
            self.cancelled[line.billable_id] = quantity
            if kept_back:
                self.fees.append((line, kept_back))
            settled = self.not_billed
        else:
            asked = {"position": line.position, "quantity": quantity, "unit_price": None}
            self.credits.setdefault(line.invoice_id, []).append({**asked, "kept_back": kept_back})
            settled = self.credited
        settled[line.order_line_id] = settled.get(line.order_line_id, Decimal(0)) + quantity


def accept(told: Mapping[str, Any]) -> Accepted:
    """A part of a return as it is told."""
    lines = add_up(Returned(**line) for line in told["lines"])
    return Accepted(**{**told, "lines": lines})


def add_up(lines: Iterable[Returned]) -> list[Returned]:
    """Each order line once for what comes back of it, and once for each amount that the price of what
    stays is lowered by, with all that several lines say of it."""
    sums: dict[Any, Returned] = {}
    for place, one in enumerate(lines):
        name = place if one.unsold is not None else (one.order_line_id, one.lowered_by)
        known = sums.get(name)
        if known is not None:
            quantity = known.quantity + one.quantity
            one = one._replace(quantity=quantity, kept_back=known.kept_back + one.kept_back)
        sums[name] = one
    return list(sums.values())


@dataclass(slots=True)
class Goods:
    """What waits to be billed of order lines, and what has billed them: each return has what those before
    it left."""

    waiting: dict[LineKey, list[WaitingLine]]
    billed: dict[LineKey, list[BilledLine]]

    def of(self, keys: Sequence[LineKey]) -> tuple[list[WaitingLine], list[BilledLine]]:
        """What waits and what is billed of order lines."""
        return (
            [line for key in keys for line in self.waiting.get(key, ())],
            [line for key in keys for line in self.billed.get(key, ())],
        )

    def take(self, key: LineKey, settlement: Settlement) -> None:
        """So much less of an order line waits, or is billed and not credited."""
        cancelled, credited = settlement.cancelled, settlement.taken
        self.waiting[key] = [
            one._replace(left=one.left - cancelled.get(one.billable_id, 0))
            for one in self.waiting.get(key, ())
        ]
        self.billed[key] = [
            one._replace(left=one.left - credited.get((one.invoice_id, one.position), 0))
            for one in self.billed.get(key, ())
        ]


def settle(
    returned: Sequence[Returned], waiting: Sequence[WaitingLine], billed: Sequence[BilledLine]
) -> Settlement:
    """What waits to be billed of what came back is not billed any more; the rest is credited of the lines
    that billed it, the first of them first. What is kept back of an order line is shared by the
    quantities. Refused where more came back than waits and is billed. Prices are lowered of what is
    billed."""
    settlement = Settlement()
    lines: list[Line] = [*waiting, *billed]
    for one in returned:
        if one.lowered_by is not None:
            continue
        parts = list(
            _divide(one, [line for line in lines if line.order_line_id == one.order_line_id])
        )
        shares = split(one.kept_back, [int(quantity * 1000) for _, quantity in parts])
        for (line, quantity), kept_back in zip(parts, shares, strict=True):
            settlement.take(line, quantity, kept_back)
    _lower(settlement, returned, billed)
    return settlement


def _lower(
    settlement: Settlement, returned: Sequence[Returned], billed: Sequence[BilledLine]
) -> None:
    """Have prices lowered of what stays when the rest of the return is taken off."""
    taken = settlement.taken
    stay = [
        one._replace(left=one.left - taken.get((one.invoice_id, one.position), 0)) for one in billed
    ]
    for one in returned:
        if one.lowered_by is not None:
            own = [line for line in stay if line.order_line_id == one.order_line_id]
            for bill, quantity in _divide(one, own):
                settlement.lower(bill, quantity, one.lowered_by)


def within_reach(lines: Iterable[BilledLine], quantity: Decimal) -> Iterator[BilledLine]:
    """Those of lines, the first first, of which something is credited where so much comes back in all."""
    for line in lines:
        if quantity > 0 and line.left > 0:
            quantity -= line.left
            yield line


def lacking(returned: Sequence[Returned], waiting: Sequence[WaitingLine]) -> dict[str, Decimal]:
    """How much of each order line came back beyond what waits to be billed of it."""
    left: dict[str, Decimal] = {}
    for one in returned:
        if one.is_back:
            left[one.order_line_id] = left.get(one.order_line_id, Decimal(0)) + one.quantity
    for line in waiting:
        if line.order_line_id in left:
            left[line.order_line_id] -= line.left
    return {order_line_id: quantity for order_line_id, quantity in left.items() if quantity > 0}


def unsold_lines(returned: Sequence[Returned]) -> list[dict[str, Any]]:
    """The lines of a credit note for goods that no order of ours had sold before, at the prices they are
    taken back at, and below nothing what is kept back of them."""
    lines: list[dict[str, Any]] = []
    for one in returned:
        if one.unsold is None or not one.unsold["unit_price"]:  # given away, taken back
            continue
        goods = {**one.unsold, "order_line_id": one.order_line_id, "quantity": one.quantity}
        lines.append(goods)
        if one.kept_back:
            fee = f"{RESTOCKING_FEE}: {one.unsold['description']}"
            taken_off = {"quantity": Decimal(-1), "unit_price": one.kept_back}
            lines.append({**one.unsold, "description": fee, **taken_off})
    return lines


def share_with_advances(
    invoice: Creditable, asked: Sequence[Mapping[str, Any]], taken_off: Sequence[TakenOff]
) -> tuple[list[dict[str, Any]], dict[tuple[str, TaxRate], int]]:
    """Goods of which a part was billed ahead are credited by both documents, at each rate in proportion
    of what is left of them: the lines that lower what was taken off the invoice, and what is credited,
    net, of which advance at which rate. 288.00 on 216.00 and 72.00: all of it is 216.00 and 72.00."""
    lines: list[dict[str, Any]] = []
    ahead: dict[tuple[str, TaxRate], int] = {}
    left = {each.rate: each.net for each in invoice.left}
    for rate, wanted in _nets(invoice, asked).items():
        off = [one for one in taken_off if invoice.lines[one.position].rate == rate]
        there = -sum(invoice.lines[one.position].net for one in off)
        if wanted <= 0 or there <= 0:
            continue
        part = round_half_up(Decimal(wanted) * there / (left[rate] + there))[0]
        part = min(max(part, wanted - left[rate]), there, wanted)
        for one in off:
            line = invoice.lines[one.position]
            amount = min(part, -line.net)
            if amount > 0:
                part -= amount
                how = {"position": one.position, "quantity": line.quantity, "unit_price": amount}
                lines.append({**how, "kept_back": 0})
                ahead[one.advance_id, rate] = ahead.get((one.advance_id, rate), 0) + amount
    return lines, ahead


def require_left(
    invoice: Creditable,
    asked: Sequence[Mapping[str, Any]],
    *,
    ahead: Iterable[str],
    is_used_up: bool,
) -> None:
    """Something of what comes back is demanded by the invoice that bills it. Where that was billed ahead
    by invoices with these names, a person credits those; or, while more of them is ahead, which a credit
    note of them would take back, what came back by itself."""
    left = {each.rate: each.net for each in invoice.left}
    names = " and ".join(sorted({*ahead}))
    if names and any(net > 0 >= left[rate] for rate, net in _nets(invoice, asked).items()):
        how = "that" if is_used_up else "what came back by a credit note of no invoice or order"
        raise Conflict(
            "nothing_credited",
            f"All that invoice {invoice.name} bills of it was billed ahead, on invoice {names}; credit "
            f"{how} by hand, naming this return.",
        )


def _nets(invoice: Creditable, asked: Sequence[Mapping[str, Any]]) -> dict[TaxRate, int]:
    """What lines credit at each rate."""
    nets: dict[TaxRate, int] = {}
    for one in asked:
        line, quantity = invoice.lines[one["position"]], one["quantity"]
        price = one["unit_price"]
        net = share(line, quantity) if price is None else round_half_up(quantity * price)[0]
        nets[line.rate] = nets.get(line.rate, 0) + net - one.get("kept_back", 0)
    return nets


def require_shipped(returned: Sequence[Returned], *, shipped: Mapping[str, Decimal]) -> None:
    """No more comes back than was shipped; a shipment that is not heard of yet is waited for."""
    for one in returned:
        sent = shipped.get(one.order_line_id, Decimal(0))
        if one.quantity > sent:
            raise NotKnownYet(
                "return_exceeds_shipped",
                f"Of order line {one.order_line_id}, {_plain(sent)} was shipped to the account; accept "
                "no more than that.",
            )


def _divide(one: Returned, lines: Sequence[AnyLine]) -> Iterator[tuple[AnyLine, Decimal]]:
    missing = one.quantity
    for line in lines:
        part = min(missing, line.left)
        if part > 0:
            missing -= part
            yield line, part
    if missing:
        left = one.quantity - missing
        wanted = "came back" if one.is_back else "is to cost less"
        raise Conflict(
            "return_exceeds_billed",
            f"Of order line {one.order_line_id}, {_plain(left)} is billed and not credited, and "
            f"{_plain(one.quantity)} {wanted}; credit it by hand, naming this return.",
        )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
