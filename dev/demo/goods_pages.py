"""Goods as a person reads of them: how an order came, what came back, what was counted. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from textwrap import wrap

from dev.demo.pages import WIDTH, Names, Thing, name_people
from kernel.money import Money

WHEN, DAY = 18, 12
_MANY = 10
_PLACES = {"late": "On the list: "}


def write_delivery(page: Thing, names: Names, zone: tzinfo) -> Iterator[str]:
    """Each step of an order's goods and by whom; then each line, and what it waits for."""
    for step in page["steps"]:
        text = f"{_PLACES.get(step['step'], '')}{step['sentence']}"
        yield from write_step(step["at"], text, step["by"], names, zone)
    for line in page["lines"]:
        moved = line["first_promised_on"] != line["promised_on"]
        promised = f", promised for {line['first_promised_on']}" if line["promised_on"] else ""
        later = f", then for {line['promised_on']}" if moved else ""
        many = f"{write_quantity(line['ordered'])} of {line['sku']}"
        yield f"  {many}: {_say_shipped(line)}{promised}{later}"
    yield f"  {write_wait(page['waits_for'], page['since'], zone)}"


def write_promises(report: Thing) -> Iterator[str]:
    """How many lines left by the day that was promised, first and last."""
    for name, about in (
        ("first", "by what was promised first"),
        ("last", "by what was promised last"),
    ):
        one = report[name]
        judged = one["kept"] + one["late"]
        rate = "none" if one["rate"] is None else f"{one['rate']} %"
        yield f"  {about:<30}{one['kept']:>4} of {judged} promised lines kept: {rate}"


def write_return(page: Thing, names: Names, zone: tzinfo) -> Iterator[str]:
    """What comes back, what became of it so far, each step, and what it waits for."""
    for line in page["lines"]:
        so_far = ("received", "restocked", "scrapped", "rejected", "credited", "replaced")
        said = [f"{write_quantity(line[name])} {name}" for name in so_far if Decimal(line[name])]
        asked = f"{write_quantity(line['quantity'])} of {line['sku']}"
        yield f"  {page['number']}, {asked}: {', '.join(said) or 'nothing yet'}"
    for step in page["steps"]:
        note = f": {step['note']}" if step["note"] else "."
        text = f"{step['action'].replace('_', ' ').capitalize()}{note}"
        yield from write_step(step["at"], text, step["by"], names, zone)
    yield f"  {write_wait(page['waits_for'], page['waits_since'], zone)}"


def write_count(count: Thing, names: Names) -> Iterator[str]:
    """What was found beside what was expected, each as a multiple of what is tolerated."""
    columns = "".join(f"{name:>{_MANY}}" for name in ("expected", "counted", "off"))
    yield f"  {'':<14}{columns}{'off at cost':>16}{'of tolerance':>18}"
    for line in count["lines"]:
        many = (line["expected"], line["counted"], line["variance"])
        figures = "".join(f"{write_quantity(one):>{_MANY}}" for one in many)
        cost = Money(line["variance_cost"], line["currency"])
        ratios = f"{_ratio(line['quantity_ratio'])} and {_ratio(line['cost_ratio'])}"
        verdict = "approved" if line["is_approved"] else "passes"
        yield f"  {line['sku']:<14}{figures}{cost!s:>16}{ratios:>18}   {verdict}"
    counted = {line["counted_by"] for line in count["lines"]}
    yield from _fill(f"Counted by {name_people(', '.join(sorted(counted)), names)}.")
    if count["approved_by"]:
        approver = name_people(count["approved_by"], names)
        yield from _fill(f"Approved by {approver}: {count['approval_reason']}")


def write_override(refused: str, override: Thing, names: Names, zone: tzinfo) -> Iterator[str]:
    """Who let an order pass the credit check, why and until when."""
    yield from _fill(refused)
    sum_ = Money(override["gross"], override["currency"])
    lead = name_people(override["granted_by"], names)
    yield from _fill(f"{lead} let {sum_} pass until {override['until']}: {override['reason']}")
    used = datetime.fromisoformat(override["used_at"]).astimezone(zone)
    yield f"  Used when {override['number']} was confirmed on {used:%a %d %b}."


def write_days(told: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What happened on which day, the first first."""
    for day, text in sorted(told, key=lambda one: one[0]):
        yield from _fill(f"{day}  {text}", hang=DAY)


def write_step(at: str, text: str, by: str | None, names: Names, zone: tzinfo) -> list[str]:
    """Something that happened, on our clock, and by whom."""
    there = datetime.fromisoformat(at).astimezone(zone)
    who = f" ({names[by]})" if by is not None and by in names else ""
    return _fill(f"{there:%a %d %b %H:%M}  {text}{who}", hang=WHEN)


def write_wait(waits_for: str | None, since: str | None, zone: tzinfo) -> str:
    """What is next, and since when it is."""
    if waits_for is None or since is None:
        return "It waits for nothing."
    there = datetime.fromisoformat(since).astimezone(zone)
    return f"It waits for {waits_for.replace('_', ' ')}, since {there:%a %d %b %H:%M}."


def write_quantity(value: str) -> str:
    """A quantity without what follows its last figure."""
    return f"{Decimal(value).normalize():f}"


def sum_months(
    reports: Iterable[Thing], lines: Mapping[str, Sequence[Thing]]
) -> Iterator[list[str]]:
    """Each report as a row: the sums of its lines, their value, and how its hash begins."""
    for report in reports:
        of_it = lines[report["inventory_report_id"]]
        came = _sum(of_it, "receipts", "returns", "corrections")
        went = _sum(of_it, "shipments", "scrap")
        figures = (
            _sum(of_it, "opening"),
            came,
            went,
            *(_sum(of_it, name) for name in ("should_be", "variance", "on_hand")),
        )
        value = " and ".join(str(Money(one["value"], one["currency"])) for one in report["values"])
        yield [report["month"], *map(str, figures), value, report["sha256"][:8]]


def find_gaps(reports: Sequence[Thing], lines: Mapping[str, Sequence[Thing]]) -> Iterator[str]:
    """Where a month does not begin with what the one before ended with."""
    ended: dict[tuple[str, str | None], Decimal] = {}
    for report in reports:
        of_it = lines[report["inventory_report_id"]]
        opened = {_key(line): Decimal(line["opening"]) for line in of_it}
        if {key: many for key, many in opened.items() if many} != ended:
            yield f"The inventory of {report['month']} does not begin where the one before ended."
        ended = {_key(line): Decimal(line["on_hand"]) for line in of_it if Decimal(line["on_hand"])}


def _key(line: Thing) -> tuple[str, str | None]:
    return line["product_id"], line["place_id"]


def _sum(lines: Iterable[Thing], *names: str) -> str:
    return write_quantity(str(sum(Decimal(line[name]) for line in lines for name in names)))


def _say_shipped(line: Thing) -> str:
    rest = f", {write_quantity(line['open'])} open" if Decimal(line["open"]) else ""
    return f"{write_quantity(line['shipped'])} shipped{rest}"


def _ratio(value: str | None) -> str:
    return "none" if value is None else f"{Decimal(value):.2f}"


def _fill(text: str, *, hang: int = 0) -> list[str]:
    later = " " * (2 + hang)
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent=later, break_on_hyphens=False)
