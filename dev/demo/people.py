"""What happens among the people of the house: they begin, are ill, help, lead, leave and hand over."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from dev.demo import occasions
from dev.demo.business import PRODUCTS, list_clients
from dev.demo.desk import Desk, Thing
from dev.demo.house import (
    COMPANY,
    HELPER,
    HELPS_FROM,
    HELPS_UNTIL,
    ILLNESS,
    JOINS_ON,
    LEAVER,
    LEAVES_ON,
    NEWCOMER,
    REQUIREMENT,
    STAFF,
    TEAMS,
    WORKING_HOURS,
    list_leads,
    who_leads,
)
from dev.demo.stockroom import STOCKED, keep_stock, stock_up

MISSING = "Who there signs for what is delivered?"
LEAD = who_leads(LEAVER)


def furnish(desk: Desk) -> None:
    """The house before its first client: the firm, its people in teams, its products and its papers."""
    desk.do("/v1/company", COMPANY, verb="PUT")
    desk.do("/v1/working-hours", WORKING_HOURS, verb="PUT")
    for person in STAFF:
        _hire(desk, person)
    for team, lead in TEAMS.items():
        made = desk.do("/v1/teams", {"name": team})
        members = [name for name, _, above in STAFF if above == lead]
        for name in members:
            member = {"staff_id": desk.staff[name]}
            desk.do(f"/v1/teams/{made['team_id']}/members", member)
    desk.do("/v1/onboarding-requirements", REQUIREMENT)
    for sku, name, price, tax in PRODUCTS:
        product = {"sku": sku, "name": name, "unit_price": price, "currency": "EUR"}
        is_stocked = any(one.sku == sku for one in STOCKED)
        desk.do("/v1/products", {**product, "tax_percent": tax, "is_stocked": is_stocked})
    stock_up(desk)


def happen(desk: Desk) -> None:
    """What is in the diary of the house and its stockroom today, and at what leads look."""
    if (story := _DIARY.get(desk.day)) is not None:
        story(desk)
    if desk.day == occasions.next_open(desk.day.replace(day=1)):
        _look_at_help(desk)
        _look_at_teams(desk)
    keep_stock(desk)


def _hire(desk: Desk, person: tuple[str, str, str | None]) -> None:
    name, role, above = person
    mail = f"{name.lower().replace(' ', '.')}@steward.example"
    superior = None if above is None else desk.staff[above]
    sent = {"name": name, "email": mail, "role": role, "reports_to_id": superior}
    desk.staff[name] = desk.do("/v1/staff", sent)["staff_id"]


def _fall_ill(desk: Desk) -> None:
    sent = {
        "staff_id": desk.staff[ILLNESS.name],
        "delegate_id": desk.staff[ILLNESS.stand_in],
        "from_on": str(ILLNESS.from_on),
        "until_on": str(ILLNESS.until_on),
        "reason": "Flu.",
    }
    desk.do("/v1/absences", sent, by=who_leads(ILLNESS.name))


def _stay_ill(desk: Desk) -> None:
    [absence] = desk.client.list("/v1/absences", staff_id=desk.staff[ILLNESS.name])
    longer = {"until_on": str(ILLNESS.extended_to)}
    path = f"/v1/absences/{absence['absence_id']}/extend"
    desk.do(path, longer, by=who_leads(ILLNESS.name))


def _begin(desk: Desk) -> None:
    _hire(desk, NEWCOMER)
    member = {"staff_id": desk.staff[NEWCOMER[0]]}
    desk.do(f"/v1/teams/{_find_team(desk, LEAD)}/members", member)


def _draft(desk: Desk) -> None:
    sent = {
        "from_id": desk.staff[LEAVER],
        "to_id": desk.staff[NEWCOMER[0]],
        "by_on": str(LEAVES_ON - timedelta(days=6)),
        "reason": f"{LEAVER} leaves at the end of the month.",
    }
    drafted = desk.do("/v1/hand-overs", sent, by=LEAD)
    desk.do(f"/v1/hand-overs/{drafted['hand_over_id']}/pack", {}, by=LEAD)


def _offer(desk: Desk) -> None:
    desk.do(f"{_find_hand_over(desk)}/offer", {}, by=LEAD)


def _accept_half(desk: Desk) -> None:
    """The successor reads the packs: half of the book is taken over, one account goes back."""
    path, offered = _find_hand_over(desk), _list_offered(desk)
    half = offered[: len(offered) // 2]
    missing = {"accounts": offered[-1:], "missing": MISSING}
    desk.do(f"{path}/accept", {"accounts": half}, by=NEWCOMER[0])
    desk.do(f"{path}/return", missing, by=NEWCOMER[0])


def _accept_rest(desk: Desk) -> None:
    """The rest of the book, too; who has none any more is no longer in the team."""
    desk.do(f"{_find_hand_over(desk)}/accept", {"accounts": _list_offered(desk)}, by=NEWCOMER[0])
    for member in list(desk.client.list(f"/v1/teams/{_find_team(desk, LEAD)}/members")):
        if member["staff_id"] == desk.staff[LEAVER]:
            desk.do(f"/v1/team-members/{member['membership_id']}/end")


def _give_again(desk: Desk) -> None:
    """What was missing is noted, and whoever of the team has least to do is given the account."""
    team_id = _find_team(desk, LEAD)
    path = f"{_find_hand_over(desk)}/accounts"
    for returned in list(desk.client.list(path, status="returned")):
        account = f"/v1/accounts/{returned['account_id']}"
        note = {"text": f"{returned['missing']} The cook, mornings.", "is_pinned": True}
        desk.do(f"{account}/notes", note, by=LEAD)
        how = {"how": "least_loaded", "team_id": team_id}
        desk.do(f"{account}/assign", {**how, "reason": "What was missing is noted."}, by=LEAD)


def _leave(desk: Desk) -> None:
    desk.do(f"/v1/staff/{desk.staff[LEAVER]}/leave")


def _find_team(desk: Desk, lead: str) -> str:
    teams = desk.client.list("/v1/teams")
    return next(str(team["team_id"]) for team in teams if TEAMS[team["name"]] == lead)


def _find_hand_over(desk: Desk) -> str:
    [found] = desk.client.list("/v1/hand-overs", staff_id=desk.staff[LEAVER])
    return f"/v1/hand-overs/{found['hand_over_id']}"


def _list_offered(desk: Desk) -> list[str]:
    accounts = desk.client.list(f"{_find_hand_over(desk)}/accounts", status="offered")
    return [one["account_id"] for one in accounts]


def _let_help(desk: Desk) -> None:
    """The assistant helps with clients of whom she reports to."""
    sent = {"staff_id": desk.staff[HELPER], "purpose": "Answers the phone."}
    for account in _list_helped(desk):
        path = f"/v1/accounts/{account['account_id']}/helpers"
        desk.do(path, {**sent, "until_on": str(HELPS_UNTIL)}, by=who_leads(HELPER))


def _look_at_help(desk: Desk) -> None:
    """Whoever owns the accounts looks at what the assistant has done."""
    for account in _list_helped(desk):
        for helper in desk.client.get(f"/v1/accounts/{account['account_id']}/helpers")["items"]:
            if helper["to_look_at"]:
                path = f"/v1/helpers/{helper['sharing_id']}/looked-at"
                desk.do(path, {}, by=who_leads(HELPER))


def _list_helped(desk: Desk) -> list[Thing]:
    numbers = {client.number for client in list_clients() if occasions.is_helped(client)}
    owner_id = desk.staff[who_leads(HELPER)]
    accounts = desk.client.list("/v1/accounts", owner_id=owner_id)
    return [one for one in accounts if one["number"] in numbers]


def _look_at_teams(desk: Desk) -> None:
    """Leads look how much everyone has, and what became of last month's."""
    last_on = desk.day.replace(day=1) - timedelta(days=1)
    period = {"first_on": last_on.replace(day=1), "last_on": last_on}
    for lead in list_leads():
        person = desk.person(lead)
        person.get("/v1/team-worklist", staff_id=desk.staff[lead])
        person.get("/v1/worklist-figures", **period)


_DIARY: Mapping[date, Callable[[Desk], None]] = {
    ILLNESS.told_on: _fall_ill,
    ILLNESS.until_on: _stay_ill,
    HELPS_FROM: _let_help,
    JOINS_ON: _begin,
    date(2025, 9, 15): _draft,
    date(2025, 9, 16): _offer,
    date(2025, 9, 18): _accept_half,
    date(2025, 9, 19): _accept_rest,
    date(2025, 9, 22): _give_again,
    LEAVES_ON: _leave,
}
