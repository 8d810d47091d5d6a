"""What came of the year for those who look after accounts, as pages and tables read from the gateway."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dev.demo.business import FIRST_DAY
from dev.demo.house import COMPANY, LEAVER, NEWCOMER, who_leads
from dev.demo.pages import name_people, write_case, write_morning, write_pack
from dev.demo.story import find_case
from dev.demo.tables import Page, as_page, count_by, new_list, new_table
from kernel.money import Money
from ops.client import Client

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""That of the first Monday after the year."""

LINES_MAX = 8
LEADS_MONTH = (date(2025, 11, 1), date(2025, 11, 30))
LEAD = who_leads(LEAVER)
_ZONE = ZoneInfo(COMPANY["time_zone"])


class Accounts:
    """Reads what account managers see; `faults` says what does not add up."""

    def __init__(self, client: Client, papers: Path, today: date) -> None:
        """Take the gateway, where papers are left, and the year's last day."""
        self._client = client
        self._papers = papers
        self._today = today
        self._staff = list(client.list("/v1/staff"))
        self._names = {one["staff_id"]: one["name"] for one in self._staff}
        self._figures = client.get("/v1/worklist-figures", first_on=FIRST_DAY, last_on=today)
        self._hand_over = self._find_hand_over()
        self.faults = list(self._find_faults())

    def tell(self, text: str) -> str:
        """The text with people's names where their ids were."""
        return name_people(text, self._names)

    def confirm(self) -> Iterator[str]:
        """What was checked and is so."""
        figures = self._figures
        yield (
            f"nothing was lost: {figures['opened']} came to the lists = {figures['done']} done "
            f"+ {figures['settled']} settled + {figures['open_after']} open"
        )
        yield "every account has had an owner on every day, and every pack is as it was frozen"

    def pages(self) -> Iterator[Page]:
        """The morning's list, a case with its clocks, a month of a lead, and a hand-over pack."""
        yield self._write_morning()
        yield self._write_case()
        yield self._tabulate_month()
        yield self._tabulate_work()
        yield self._write_pack()

    def _find_faults(self) -> Iterator[str]:
        figures = self._figures
        came = figures["open_before"] + figures["opened"]
        left = figures["done"] + figures["settled"] + figures["open_after"]
        if came != left:
            yield f"Of {came} that came to the lists, {left} are accounted for."
        for account in self._client.list("/v1/accounts"):
            path = f"/v1/accounts/{account['account_id']}/owners"
            periods = sorted(self._client.list(path), key=lambda one: one["since_on"])
            ends = [one["until_on"] for one in periods]
            if ends != [*(one["since_on"] for one in periods[1:]), None]:
                yield f"{account['name']} had no owner for a time, or two."
        for one in self._client.list(f"{self._hand_over}/accounts", status="accepted"):
            pack = self._read_pack(one["account_id"])
            if hashlib.sha256(orjson.dumps(pack["pack"])).hexdigest() != one["sha256"]:
                yield f"The pack of {pack['pack']['account']['name']} has changed since it was packed."

    def _write_morning(self) -> Page:
        lists = {
            one["name"]: self._client.get(
                "/v1/worklist", staff_id=one["staff_id"], as_of=MORNING.date(), limit=LINES_MAX
            )
            for one in self._staff
            if one["role"] == "account_manager" and one["is_active"]
        }
        name, worklist = max(lists.items(), key=lambda pair: pair[1]["total"])
        shown = len(worklist["items"])
        title = f"The morning of {name}, {MORNING:%A %d %B %Y}: {worklist['total']} to contact"
        more = "" if shown == worklist["total"] else f"; the first {shown}"
        return f"{title}{more}", as_page(write_morning(worklist["items"], MORNING))

    def _write_case(self) -> Page:
        found = find_case(self._client.list("/v1/cases", kind="complaint"))
        case = self._client.get(f"/v1/cases/{found['case_id']}")
        account = self._client.get(f"/v1/accounts/{case['account_id']}")
        about = (
            f"A complaint of {account['name']} ({account['number']}) about invoice "
            f"{case['about']['number']}; {self._names[case['owner_id']]} looks after it."
        )
        told = [*self._list_states(case), *self._list_warnings(case)]
        told.sort(key=itemgetter(0))
        title = f"Case {case['number']}: {case['subject']}"
        return title, as_page(write_case(about, case, told, _ZONE))

    def _list_states(self, case: dict[str, Any]) -> Iterator[tuple[datetime, str]]:
        for state in self._client.list(f"/v1/cases/{case['case_id']}/states"):
            who = self._names.get(state["moved_by"], state["moved_by"])
            what = "note" if state["action"] == "note" else state["status"].replace("_", " ")
            note = f": {state['note']}" if state["note"] else ""
            yield datetime.fromisoformat(state["moved_at"]), f"{what} ({who}){note}"

    def _list_warnings(self, case: dict[str, Any]) -> Iterator[tuple[datetime, str]]:
        path = f"/v1/accounts/{case['account_id']}/timeline"
        for entry in self._client.list(path, name="contact_due"):
            if case["number"] in entry["summary"]:
                at = datetime.fromisoformat(entry["occurred_at"])
                yield at, entry["summary"].replace("To be contacted:", "on the list:")

    def _tabulate_month(self) -> Page:
        """Who of a team had how much to do in a month, and what became of it."""
        lead = next(one for one in self._staff if one["name"] == LEAD)
        first_on, last_on = LEADS_MONTH
        people = self._client.get("/v1/team-worklist", staff_id=lead["staff_id"])["people"]
        cases = self._client.get("/v1/case-figures", **{"from": first_on, "to": last_on})
        owners = {one["owner_id"]: one for one in cases["owners"]}
        columns = ("", ">before", ">came", ">done", ">settled", ">left", ">cases")
        table = new_table(*columns, ">answered in time", ">solved in time")
        for person in people:
            period = {"first_on": first_on, "last_on": last_on, "staff_id": person["staff_id"]}
            figures = self._client.get("/v1/worklist-figures", **period)
            names = ("open_before", "opened", "done", "settled", "open_after")
            row = [*(figures[name] for name in names), *_count(owners.get(person["staff_id"]))]
            table.add_row(person["name"], *map(str, row))
        return (
            f"The team of {LEAD} in {first_on:%B}: their lists, and the cases of the month",
            table,
        )

    def _tabulate_work(self) -> Page:
        period = {"since": FIRST_DAY, "until": self._today}
        calls = self._client.get("/v1/call-figures", **period)["items"]
        rung, missed, back = (
            sum(one[name] for one in calls) for name in ("calls", "missed", "called_back_in_time")
        )
        activities = list(self._client.list("/v1/activities"))
        cases = list(self._client.list("/v1/cases"))
        remedies = list(self._client.list("/v1/remedies"))
        visits, others = (
            [one for one in activities if (one["kind"] == "visit") is is_visit]
            for is_visit in (True, False)
        )
        table = new_list()
        table.add_row("calls of clients", f"{rung}, {missed} missed; {back} called back in time")
        table.add_row("visits", count_by(visits, "status"))
        table.add_row("calls to clients", count_by(others, "status"))
        table.add_row("cases", f"{count_by(cases, 'kind')}; {count_by(cases, 'status')}")
        table.add_row("remedies", f"{count_by(remedies, 'kind')}; {count_by(remedies, 'status')}")
        costs = [f"{cause.lower()}: {cost}" for cause, cost in sorted(self._sum_costs().items())]
        table.add_row("what they cost", "; ".join(costs))
        return "What was done for clients", table

    def _sum_costs(self) -> dict[str, str]:
        period = {"from": FIRST_DAY, "to": self._today}
        costs: defaultdict[tuple[str, str], int] = defaultdict(int)
        for one in self._client.get("/v1/remedy-costs", **period)["items"]:
            costs[one["cause"], one["currency"]] += one["net"] + one["gross"]
        causes = {cause for cause, _ in costs}
        return {
            cause: " and ".join(
                str(Money(sum_, currency)) for (of, currency), sum_ in costs.items() if of == cause
            )
            for cause in causes
        }

    def _write_pack(self) -> Page:
        """The pack that says most of those of the book that went over; all are left as papers."""
        packs = [
            self._read_pack(one["account_id"])["pack"] | {"account_id": one["account_id"]}
            for one in self._client.list(f"{self._hand_over}/accounts", status="accepted")
        ]
        pack = max(packs, key=lambda one: (len(one["open_cases"]), len(str(one))))
        account_id = pack.pop("account_id")
        path = f"{self._hand_over}/accounts/{account_id}/pack.pdf"
        paper = self._papers / f"hand-over {pack['account']['number']}.pdf"
        paper.write_bytes(self._client.send("GET", path).body)
        title = f"The pack with which {pack['account']['name']} went from {LEAVER} to {NEWCOMER[0]}"
        return title, as_page([*write_pack(pack), "", f"On paper: {paper}"])

    def _read_pack(self, account_id: str) -> dict[str, Any]:
        return dict(self._client.get(f"{self._hand_over}/accounts/{account_id}/pack"))

    def _find_hand_over(self) -> str:
        leaver = next(one["staff_id"] for one in self._staff if one["name"] == LEAVER)
        [found] = self._client.list("/v1/hand-overs", staff_id=leaver)
        return f"/v1/hand-overs/{found['hand_over_id']}"


def _count(cases: dict[str, int] | None) -> Iterator[str]:
    """How many cases, how many of them were answered in time, and solved in time."""
    yield str(cases["cases"] if cases else 0)
    for clock in ("first_response", "solution"):
        met, missed = (cases[f"{clock}_{one}"] if cases else 0 for one in ("met", "missed"))
        yield f"{met} of {met + missed}"
