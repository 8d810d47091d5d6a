"""What came of the year, as tables, and the checks that must hold; all of it read from the gateway."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dev.demo.accounts import Accounts
from dev.demo.bills import Bills
from dev.demo.business import FIRST_DAY
from dev.demo.goods import Goods
from dev.demo.tables import Page, Row, count_by, new_list, new_table, write
from dev.mailbox import Mailbox
from kernel.money import Money
from ops.client import Client
from ops.instances import SERVICES

DULL = frozenset({"balance_changed", "allocation_made", "contact_due", "contact_settled"})
GLANCE_MAX = 16
LIST_MAX = 6


class Results:
    """Reads the figures once and prints them; `faults` says what went wrong or does not add up."""

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        papers: Path,
        today: date,
        failures: Iterable[str],
    ) -> None:
        """Read what the tables need; `failures` are of the play itself, `papers` is where papers go."""
        self._client = client
        self._mailbox = mailbox
        self._house = Accounts(client, papers, today)
        self._today = today
        self._accounts = {one["account_id"]: one for one in client.list("/v1/accounts")}
        self._orders = list(client.list("/v1/orders"))
        self._invoices = list(client.list("/v1/invoices"))
        self._bills = Bills(client, papers, self._accounts, self._invoices)
        self._goods = Goods(client, papers, today, self._accounts, self._orders, self._invoices)
        self._notices = list(client.list("/v1/dunning-notices", status="sent"))
        self._holds = list(client.list("/v1/credit-holds"))
        self._placements = list(client.list("/v1/placements"))
        self._ageing = client.get("/v1/reports/ageing", limit=1)["totals"]
        self.faults = [
            *(*failures, *self._find_faults()),
            *(*self._house.faults, *self._goods.faults),
        ]

    def show(self, console: Console) -> None:
        """Print everything."""
        for title, table in self._tables():
            console.print(f"\n{title}", style="bold")
            console.print(table)

    def _find_faults(self) -> list[str]:
        """What must not be: a difference in the books, a parked message, a mail lost or doubled."""
        differences = self._client.get("/v1/reports/reconciliation")["differences"]
        faults = [f"The books differ: {one}" for one in differences]
        for service in SERVICES:
            parked = sum(1 for _ in self._client.list(f"/v1/parked/{service}"))
            if parked:
                faults.append(f"{service} has parked {parked} messages; see make parked.")
        mailed = sum(notice["channel"] == "email" for notice in self._notices)
        if mailed != self._mailbox.count():
            faults.append(f"{mailed} letters went by e-mail, {self._mailbox.count()} arrived.")
        if twice := self._mailbox.list_duplicates():
            faults.append(f"{len(twice)} mails arrived twice.")
        return faults

    def _tables(self) -> Iterator[Page]:
        yield f"The year to {self._today}", self._count()
        yield "Money", self._sum_up()
        yield "Overdue, by days", self._tabulate_ageing()
        yield "Reminders", self._tabulate_reminders()
        yield "Credit holds, the latest", self._tabulate_holds()
        yield "Hand-overs to collections", self._tabulate_placements()
        yield from self._bills.pages()
        yield from self._goods.pages()
        yield from self._glance()
        yield from self._house.pages()
        yield "Checks", self._tabulate_checks()

    def _count(self) -> Table:
        notes = list(self._client.list("/v1/credit-notes"))
        by_remedies = sum(one["remedy_id"] is not None for one in notes)
        refunds = sum(1 for _ in self._client.list("/v1/refunds"))
        payments = Counter(one["status"] for one in self._client.list("/v1/payments"))
        given_up = sum(one["cancelled_at"] is not None for one in self._orders)
        rows = (
            ("accounts", count_by(self._accounts.values(), "status")),
            ("orders", f"{count_by(self._orders, 'status')}; {given_up} given up for credit"),
            ("invoices", count_by(self._invoices, "status")),
            ("credit notes", f"{len(notes)}, {by_remedies} of them by remedies"),
            ("payments", ", ".join(f"{n} {status}" for status, n in payments.most_common())),
            ("refunds", str(refunds)),
            ("debits", count_by(self._client.list("/v1/debits"), "status")),
        )
        table = new_list()
        for row in rows:
            table.add_row(*row)
        return table

    def _sum_up(self) -> Table:
        period = {"from": FIRST_DAY, "to": self._today}
        collected = {
            one["currency"]: one["collected"]
            for one in self._client.get("/v1/reports/collected", **period)["currencies"]
        }
        table = new_table("", ">billed", ">collected", ">open", ">days sales outstanding")
        for currency in sorted(collected):
            dso = self._client.get("/v1/reports/dso", **period, currency=currency)
            table.add_row(
                currency,
                write(dso["billed"], currency),
                write(collected[currency], currency),
                write(dso["receivables"], currency),
                dso["dso"],
            )
        return table

    def _tabulate_ageing(self) -> Table:
        names = [bucket["bucket"] for bucket in self._ageing[0]["buckets"]]
        table = new_table("", *(f">{name.replace('_', ' ')}" for name in names))
        for total in self._ageing:
            amounts = (write(one["amount"], total["currency"]) for one in total["buckets"])
            table.add_row(total["currency"], *amounts)
        return table

    def _tabulate_reminders(self) -> Table:
        letters: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for notice in self._notices:
            found = letters[notice["level"], notice["level_name"]]
            found[notice["channel"]] += 1
            found["items"] += len(notice["items"])
        table = new_table("level", "", ">letters", ">by e-mail", ">by post", ">items")
        for (level, name), found in sorted(letters.items()):
            by = (found["email"], found["post"], found["items"])
            table.add_row(str(level), name, str(found["email"] + found["post"]), *map(str, by))
        return table

    def _tabulate_holds(self) -> Table:
        table = new_table("account", "placed", "lifted", "reason")
        for hold in sorted(self._holds, key=lambda one: one["placed_at"])[-LIST_MAX:]:
            lifted = (hold["lifted_at"] or "stands")[:10]
            table.add_row(self._name(hold), hold["placed_at"][:10], lifted, hold["reason"])
        return table

    def _tabulate_placements(self) -> Table:
        table = new_table("account", ">amount", "how it went")
        for placement in self._placements[:LIST_MAX]:
            moves = self._client.get(f"/v1/placements/{placement['placement_id']}")["moves"]
            went = ", ".join(
                f"{one['status'].replace('_', ' ')} {one['moved_at'][5:10]}" for one in moves
            )
            amount = str(Money(placement["amount"], placement["currency"]))
            table.add_row(self._name(placement), amount, went)
        return table

    def _glance(self) -> Iterator[tuple[str, Table]]:
        """An account to which much happened: with a hand-over, else a hold, else any."""
        eventful = [*self._placements, *self._holds, *self._accounts.values()][0]
        account = self._accounts[eventful["account_id"]]
        path = f"/v1/accounts/{account['account_id']}/timeline"
        timeline = self._client.get(path, order="newest_first", limit=200)
        entries = [one for one in timeline["items"] if one["name"] not in DULL][:GLANCE_MAX]
        table = new_table("day", "service", "what happened")
        for entry in reversed(entries):
            table.add_row(
                entry["occurred_at"][:10], entry["source"], self._house.tell(entry["summary"])
            )
        whole = "complete" if timeline["is_complete"] else "incomplete"
        yield f"{account['name']} ({account['number']}) at a glance, timeline {whole}", table

    def _tabulate_checks(self) -> Table:
        table = new_list()
        for fault in self.faults:
            table.add_row("[bold red]no[/]", escape(fault))
        if not self.faults:
            table.add_row("[green]yes[/]", "ledger, items, invoices and balances agree to the cent")
            table.add_row(
                "[green]yes[/]", f"every e-mailed letter arrived once: {self._mailbox.count()}"
            )
            table.add_row("[green]yes[/]", "no message is parked")
            for text in (*self._house.confirm(), *self._goods.confirm()):
                table.add_row("[green]yes[/]", text)
        return table

    def _name(self, thing: Row) -> str:
        return str(self._accounts[thing["account_id"]]["name"])
