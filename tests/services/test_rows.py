"""Every route that names an account, walked by whoever sees it and by whoever does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from chassis.contract import Reach
from chassis.doors.introductions import Told, is_alike, sum_ranges
from chassis.doors.sessions import open_session
from chassis.doors.sight import ABSENCES, KEEP, MEMBERSHIPS, SHARINGS, STAFF
from chassis.events import ACCOUNT_EVENTS
from chassis.process.describe import announced_by
from chassis.service import load
from chassis.store.clock import Clock
from chassis.store.sight import (
    EVERY_ABSENCE,
    EVERY_MEMBER,
    EVERY_MEMBERSHIP,
    EVERY_OWNER,
    EVERY_SHARING,
)
from kernel.callers import ALL_ACCOUNTS, ITSELF, Caller
from kernel.ids import new_id
from kernel.refusals import Forbidden, NotFound
from services.accounts import events
from services.accounts.absences.events import AWAY
from services.accounts.events import ACCOUNT
from services.accounts.sharing.events import HELPER, TEAM
from services.accounts.teams.events import MEMBER
from tests.services.anothers import WHO_DOES_NOT, WHO_SEES, owner_of, refusal_of, require_refused
from tests.services.client import Client
from tests.services.test_reach import contract_of, endpoints, example, takes_account

pytestmark = pytest.mark.server

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROFILE = {"country": "IE", "currency": "EUR", "language": "en", "time_zone": "Europe/Dublin"}
PROFILE |= {"net_days": 14, "credit_limit": None, "email": "ap@brown.example"}
READ = {"accounts": "get_account", "billing": "get_balance", "collections": "list_holds"}
READ |= {"sales": "get_standing"}
NAMING_AN_ACCOUNT = [
    one for one in endpoints(Reach.ACCOUNT) if takes_account(contract_of(*one.values))
]


class House:
    """A service that knows two accounts, ours and another's."""

    def __init__(self, client: Client, service: str) -> None:
        self.client = client
        self.service = service
        self.ours, self.other = self._account(), self._account()

    def _account(self) -> str:
        if self.service != "accounts":
            account = ACCOUNT | {"account_id": new_id("acc"), "number": new_id("nr")}
            self.client.tell("accounts", "account_opened", **account | {"version": 1})
            self.client.tell("accounts", "account_activated", **account)
            return str(account["account_id"])
        owner_id = self.add_staff()
        opened = self.client.call("open_account", **PROFILE, name="Brown", owner_id=owner_id)
        return str(opened["account_id"])

    def add_staff(self, **facts: Any) -> str:
        person = {"name": "Ada Ross", "email": f"{new_id('mail')}@steward.example"}
        added = self.client.call("add_staff", **person, role="account_manager", **facts)
        return str(added["staff_id"])

    def share(self, account_id: str) -> None:
        """Let others see an account in every way there is."""
        helper, member, away = (self.add_staff() for _ in range(3))
        do, whose = self.client.call, {"account_id": account_id}
        do("add_helper", **whose, staff_id=helper, purpose="The review.")
        team_id = do("open_team", name=new_id("team"))["team_id"]
        do("add_team_member", team_id=team_id, staff_id=member)
        do("give_team", **whose, team_id=team_id, purpose="Too large for one.")
        days = {"until_on": "2026-03-06", "reason": "Ill."}
        do("plan_absence", staff_id=away, delegate_id=helper, **days)

    def sees(self, staff_id: str, **what: str) -> bool:
        """Whether a person sees an account."""
        person = Caller(staff_id, frozenset({"*"}), None, staff_id)
        try:
            self.client.call(READ[self.service], caller=person, **what)
        except NotFound:
            return False
        return True

    def example(self, endpoint: str) -> dict[str, Any]:
        """What is sent as an example, of the other account."""
        return example(self.service, endpoint) | {"account_id": self.other}


@pytest.fixture
def house_of(
    engine_of: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], House]]:
    monkeypatch.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(NOW))
    opened = []

    def house_of(service: str) -> House:
        connection = engine_of(service).connect()
        opened.append(connection)
        connection.begin()
        return House(Client(service, connection), service)

    yield house_of
    for connection in opened:
        connection.close()


@pytest.mark.parametrize(("service", "endpoint"), NAMING_AN_ACCOUNT)
def test_an_account_is_not_there_for_who_does_not_see_it(
    house_of: Callable[[str], House], service: str, endpoint: str
) -> None:
    house = house_of(service)
    callers = [who(house.client, house.ours) for who in WHO_DOES_NOT.values()]
    for caller in [*callers, Caller("nobody", frozenset({"*"}), None, new_id("stf"))]:
        refusal = require_refused(house.client, endpoint, house.example(endpoint), caller=caller)
        assert refusal.code == "account_not_found"


@pytest.mark.parametrize(("service", "endpoint"), NAMING_AN_ACCOUNT)
def test_an_account_is_there_for_who_sees_it(
    house_of: Callable[[str], House], service: str, endpoint: str
) -> None:
    house = house_of(service)
    for caller in [who(house.client, house.other) for who in WHO_SEES.values()]:
        sent = house.example(endpoint)
        refusal = refusal_of(house.client, endpoint, sent, caller=caller)
        assert getattr(refusal, "code", "") not in ("account_not_found", "all_accounts_needed")


def test_every_event_that_says_who_sees_what_is_kept_everywhere() -> None:
    told = announced_by(load("services.accounts"))
    by_sight: dict[str, set[str]] = {}
    for one in told:
        if one.sight:
            by_sight.setdefault(one.sight, set()).add(one.name)
    assert by_sight == {
        "owners": {*ACCOUNT_EVENTS},
        "staff": {one.name for one in STAFF},
        "sharings": {one.name for one in SHARINGS},
        "memberships": {one.name for one in MEMBERSHIPS},
        "absences": {one.name for one in ABSENCES},
    }
    assert by_sight.keys() == KEEP.keys()


@pytest.mark.parametrize("service", ["billing", "collections", "sales"])
def test_who_sees_an_account_follows_from_what_accounts_tells(
    house_of: Callable[[str], House], service: str
) -> None:
    house = house_of(service)
    lead, owner = new_id("stf"), new_id("stf")
    for staff_id, reports_to_id in ((lead, None), (owner, lead)):
        member = events.STAFF | {"staff_id": staff_id, "reports_to_id": reports_to_id}
        house.client.tell("accounts", "staff_added", **member)
    changed = events.OwnerChanged.example | {"account_id": house.ours, "owner_id": owner}
    house.client.tell("accounts", "owner_changed", **changed)
    ours = {"account_id": house.ours}
    assert house.sees(owner, **ours)
    assert house.sees(lead, **ours)
    left = events.STAFF | {"staff_id": owner, "version": 2, "is_active": False}
    house.client.tell("accounts", "staff_left", **left | {"reports_to_id": lead})
    assert not house.sees(owner, **ours)
    assert house.sees(lead, **ours)


@pytest.mark.parametrize("service", ["billing", "collections", "sales"])
def test_helpers_teams_and_stand_ins_see_what_accounts_says_while_it_says_so(
    house_of: Callable[[str], House], service: str
) -> None:
    house = house_of(service)
    owner, helper, member, stand_in = (new_id("stf") for _ in range(4))
    for staff_id in (owner, helper, member, stand_in):
        added = events.STAFF | {"staff_id": staff_id, "reports_to_id": None}
        house.client.tell("accounts", "staff_added", **added)
    ours = {"account_id": house.ours}
    changed = events.OwnerChanged.example | ours | {"owner_id": owner}
    house.client.tell("accounts", "owner_changed", **changed)
    told = {
        helper: ("helper_added", "helper_ended", HELPER | ours | {"staff_id": helper}),
        member: ("team_member_added", "team_member_ended", MEMBER | {"staff_id": member}),
        stand_in: (
            "absence_began",
            "absence_ended",
            AWAY | {"staff_id": owner, "delegate_id": stand_in},
        ),
    }
    house.client.tell("accounts", "team_given", **TEAM | ours | {"sharing_id": new_id("shr")})
    for who, (began, ended, facts) in told.items():
        assert not house.sees(who, **ours)
        house.client.tell("accounts", began, **facts)
        assert house.sees(who, **ours)
        last = facts | {"version": 9, "is_standing": False}
        house.client.tell("accounts", ended, **last)
        house.client.tell("accounts", began, **facts)  # once more, and late
        assert not house.sees(who, **ours)


def test_in_accounts_itself_it_is_known_at_once(house_of: Callable[[str], House]) -> None:
    house = house_of("accounts")
    lead = house.add_staff()
    owner, other = house.add_staff(reports_to_id=lead), house.add_staff()
    ours = {"account_id": house.ours}
    house.client.call("change_owner", **ours, owner_id=owner, reason="Regions were redrawn.")
    assert house.sees(owner, **ours)
    assert house.sees(lead, **ours)
    assert not house.sees(other, **ours)
    house.client.call("edit_staff", staff_id=owner, reports_to_id=other)
    assert house.sees(other, **ours)
    assert not house.sees(lead, **ours)


def test_a_person_lists_what_they_see_and_finds_nothing_else(
    house_of: Callable[[str], House],
) -> None:
    house = house_of("accounts")
    caller = owner_of(house.client, house.ours)
    for sought in ({}, {"q": "Brown"}):
        items = house.client.call("list_accounts", caller=caller, **sought)["items"]
        assert [one["account_id"] for one in items] == [house.ours]


@pytest.mark.parametrize(("scopes", "is_let_in"), [({"*"}, False), ({"*", ALL_ACCOUNTS}, True)])
def test_what_is_about_all_accounts_is_for_persons_of_whom_that_is_said(
    house_of: Callable[[str], House], scopes: set[str], is_let_in: bool
) -> None:
    house = house_of("billing")
    person = Caller("stf_1", frozenset(scopes), None, "stf_1")
    if is_let_in:
        house.client.call("list_held_events", caller=person)
        return
    with pytest.raises(Forbidden) as refused:
        house.client.call("list_held_events", caller=person)
    assert refused.value.code == "all_accounts_needed"


def test_a_person_opens_accounts_for_themselves_and_those_below(
    house_of: Callable[[str], House],
) -> None:
    house = house_of("accounts")
    lead = house.add_staff()
    manager = house.add_staff(reports_to_id=lead)
    person = Caller(lead, frozenset({"accounts:write"}), None, lead)
    for owner_id in (lead, manager):
        new = PROFILE | {"name": "New", "owner_id": owner_id}
        opened = house.client.call("open_account", caller=person, **new)
        assert house.sees(lead, account_id=opened["account_id"])
    sent = PROFILE | {"name": "Not mine", "owner_id": house.add_staff()}
    refusal = refusal_of(house.client, "open_account", sent, caller=person)
    assert getattr(refusal, "code", None) == "owner_not_below"
    limited = Caller("system", frozenset({"*"}), frozenset({house.ours}))
    sent["owner_id"] = manager
    refusal = refusal_of(house.client, "open_account", sent, caller=limited)
    assert getattr(refusal, "code", None) == "all_accounts_needed"


EVERYBODY_KNOWN = """
    WITH owners AS (
        INSERT INTO account_sight (account_id, given_by, staff_id, version)
        SELECT account_id, 'owner', owner_id, version FROM account)
    INSERT INTO staff_tree (staff_id, reports_to_id, is_active, version)
    SELECT staff_id, reports_to_id, left_on IS NULL, version FROM staff
"""


@pytest.mark.parametrize(
    ("event", "copy", "harm"),
    [
        ("account_introduced", EVERY_OWNER, "UPDATE account_sight SET version = version + 1"),
        ("account_introduced", EVERY_OWNER, "DELETE FROM account_sight"),
        ("staff_introduced", EVERY_MEMBER, "DELETE FROM staff_tree"),
        ("sharing_introduced", EVERY_SHARING, "UPDATE account_sight SET version = version + 1"),
        ("team_member_introduced", EVERY_MEMBERSHIP, "DELETE FROM stand_in_sight"),
        ("absence_introduced", EVERY_ABSENCE, "DELETE FROM stand_in_sight"),
    ],
)
def test_who_sees_what_is_compared_with_what_accounts_says(
    house_of: Callable[[str], House], event: str, copy: Any, harm: str
) -> None:
    house = house_of("accounts")
    told = Told(load("services.accounts"), event)
    house.share(house.ours)

    def is_right(session: Session) -> bool:
        summed = sum_ranges(session, told, after=None)
        by = {name: summed[name] for name in ("key", "compared")}
        return all(is_alike(session, copy, **by, wanted=one) for one in summed["ranges"])

    with open_session(house.client.bind, ITSELF) as session:
        # What tests beside these keep without announcing it is nobody's to see; here it is forgotten.
        session.execute(text("DELETE FROM account_sight WHERE given_by = 'owner'"))
        session.execute(text("DELETE FROM staff_tree"))
        session.execute(text(EVERYBODY_KNOWN))
        assert is_right(session)
        session.execute(text(harm))
        assert not is_right(session)


def test_helpers_teams_and_stand_ins_see_in_accounts_at_once(
    house_of: Callable[[str], House],
) -> None:
    house = house_of("accounts")
    ours = {"account_id": house.ours}
    do = house.client.call
    owner, helper, member, stand_in = (house.add_staff() for _ in range(4))
    do("change_owner", **ours, owner_id=owner, reason="Regions were redrawn.")
    team_id = do("open_team", name="North")["team_id"]
    do("give_team", **ours, team_id=team_id, purpose="Too large for one.")
    days = {"until_on": "2026-03-06", "reason": "Ill."}
    begun = [
        (
            helper,
            "add_helper",
            ours | {"staff_id": helper, "purpose": "The review."},
            "end_sharing",
        ),
        (member, "add_team_member", {"team_id": team_id, "staff_id": member}, "end_team_member"),
        (
            stand_in,
            "plan_absence",
            days | {"staff_id": owner, "delegate_id": stand_in},
            "end_absence",
        ),
    ]
    for who, begin, sent, end in begun:
        assert not house.sees(who, **ours)
        made = do(begin, **sent)
        assert house.sees(who, **ours)
        thing = next(one for one in ("sharing_id", "membership_id", "absence_id") if one in made)
        do(end, **{thing: made[thing]})
        assert not house.sees(who, **ours)


def test_who_only_sees_changes_nothing(house_of: Callable[[str], House]) -> None:
    house = house_of("accounts")
    do, ours = house.client.call, {"account_id": house.ours}
    owner, stand_in = house.add_staff(), house.add_staff()
    do("change_owner", **ours, owner_id=owner, reason="Regions were redrawn.")
    sent = {"staff_id": owner, "delegate_id": stand_in, "until_on": "2026-03-06", "reason": "Ill."}
    do("plan_absence", **sent, may="see")
    assert house.sees(stand_in, **ours)
    person = Caller(stand_in, frozenset({"*"}), None, stand_in)
    edit = ours | {"name": "Mine"}
    refusal = refusal_of(house.client, "edit_account", edit, caller=person)
    assert getattr(refusal, "code", None) == "only_seen"
