"""Bills as a person reads them: what a run is about to bill, lines with their days, papers. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal

from dev.demo.pages import WIDTH, Names, Thing, write_money
from kernel.money import Money

LARGEST_MAX = 5
NOBODY = "    nobody"
MONEY_WIDTH = 16
ABOUT_WIDTH = 54
_CHANGES = {
    "first": "never billed before",
    "new": "not billed by the run before",
    "up": "more than by the run before",
    "down": "less than by the run before",
    "same": "as much as by the run before",
    None: "not foreseen",
}


def write_run(run: Thing, preview: Thing, names: Names, zone: tzinfo) -> Iterator[str]:
    """How many bills come to how much, what changed, who is left out and why, the largest, those who get
    their first, and how far the run is."""
    yield "  Bills"
    for one in preview["counts"]:
        yield _write_count(one, _say(one["status"]))
    yield "  Beside the run before"
    for one in preview["changes"]:
        was = f"; before {_money(one['previous'], one)}" if one["previous"] else ""
        yield f"{_write_count(one, _CHANGES[one['change']])}{was}"
    for one in preview["gone"]:
        yield _write_count({**one, "total": one["previous"]}, "billed before, not now")
    yield "  Left out"
    left_out = (
        (one, f"{_say(one['reason'])}, {_say(one['status'])}") for one in preview["left_out"]
    )
    yield from [_write_count(*one) for one in left_out] or [NOBODY]
    yield "  The largest"
    for bill in preview["largest"][:LARGEST_MAX]:
        yield _write_bill(bill, names)
    yield "  For the first time"
    yield from [_write_bill(one, names) for one in preview["first"][:LARGEST_MAX]] or [NOBODY]
    yield f"  {_say_progress(run, zone)}"


def write_lines(invoice: Thing) -> Iterator[str]:
    """An invoice, line by line, with the days that each bills."""
    total = _money(invoice["total"], invoice)
    yield f"  {invoice['number']} of {invoice['issued_on']}: {total} with tax"
    for line in invoice["lines"]:
        count = f"{Decimal(line['quantity']).normalize():f} × {_money(line['unit_price'], invoice)}"
        is_of_days = line["service_from"] is not None
        days = f", {line['service_from']} to {line['service_until']}" if is_of_days else ""
        about = f"{line['description'][: ABOUT_WIDTH - len(days)]}{days}"
        room = WIDTH - ABOUT_WIDTH - MONEY_WIDTH - 4
        net = _money(line["net"], invoice)
        yield f"    {about:<{ABOUT_WIDTH}}{count:>{room}}{net:>{MONEY_WIDTH}}"


def write_failure(debit: Thing, fee: Thing) -> Iterator[str]:
    """What a failed debit was to fetch, why it did not, and what became of the bank's fee."""
    what = {"amount": debit["amount"], "currency": debit["currency"]}
    yield f"  {write_money(what)} were to be fetched on {debit['submitted_at'][:10]}: {debit['reason']}"
    owed = _money(fee["balance"], fee)
    paid = f"paid on {fee['paid_on']}" if fee["paid_on"] else f"{owed} of it open"
    yield f"  The bank's fee: {fee['number']} of {fee['issued_on']}, {_money(fee['total'], fee)}, {paid}"


def write_papers(papers: Iterable[tuple[str, str]], folder: str) -> Iterator[str]:
    """Each paper by its name and what it is, and where they are."""
    for name, about in papers:
        yield f"  {name:<24}{about}"
    yield f"  In {folder}"


def _write_count(one: Thing, about: str) -> str:
    return f"    {one['bills']:>3}  {about:<36}{_money(one['total'], one):>{MONEY_WIDTH}}"


def _write_bill(bill: Thing, names: Names) -> str:
    number = bill["invoice_number"] or _say(bill["status"])
    total = _money(bill["total"] or 0, bill)
    return f"         {names[bill['account_id']]:<36}{total:>{MONEY_WIDTH}}  {number}"


def _say_progress(run: Thing, zone: tzinfo) -> str:
    steps = (("planned", "planned_at"), ("approved", "approved_at"), ("through", "closed_at"))
    told = [
        f"{name} {datetime.fromisoformat(run[field]).astimezone(zone):%d %b %H:%M}"
        for name, field in steps
        if run[field]
    ]
    return f"{', '.join(told)}; {run['bills'] - run['left']} of {run['bills']} bills are done"


def _say(value: str) -> str:
    return value.replace("_", " ")


def _money(amount: int, of: Mapping[str, object]) -> str:
    return str(Money(amount, str(of["currency"])))
