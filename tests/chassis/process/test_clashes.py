"""Two subjects that would lose something of one another make no service."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import fields

from chassis.contract import command, consumes, due, query
from chassis.due import DueTime
from chassis.events import Subscription
from chassis.fields import Schema, page_of
from chassis.ground.config import GROUP_LANES_MAX
from chassis.process.describe import _openapi
from chassis.service import service


class Nothing(Schema):
    """Nothing."""


class Rung(Subscription, source="tower"):
    """The bell of the tower."""


class Noon(DueTime):
    """It is noon."""


class Orders:
    """A subject."""

    @command("POST /v1/orders/{order_id}/close", Nothing, scope="desk:write")
    def close(self, session: Any) -> None:
        """Close an order."""

    @consumes(Rung)
    def hear_for_orders(self, session: Any) -> None:
        """Hear the bell."""

    @due(Noon)
    def ring_for_orders(self, session: Any) -> None:
        """Ring the bell."""

    def _settle(self) -> None: ...


def made_of(*subjects: type) -> Any:
    return service("desk")(type("Desk", subjects, {"__doc__": "A desk."}))


def test_a_public_name_of_two_subjects_is_refused() -> None:
    class Accounts:
        @command("POST /v1/accounts/{account_id}/close", Nothing, scope="desk:write")
        def close(self, session: Any) -> None:
            """Close an account."""

    with pytest.raises(AssertionError, match=r"close is defined by .*Orders and by .*Accounts"):
        made_of(Orders, Accounts)


def test_a_private_name_of_two_subjects_is_refused() -> None:
    class Accounts:
        def _settle(self) -> None: ...

    with pytest.raises(AssertionError, match=r"_settle is defined by .* name each after"):
        made_of(Orders, Accounts)


@pytest.mark.parametrize("name", ["list_parked", "set_clock", "_look"])
def test_a_name_of_the_chassis_is_refused(name: str) -> None:
    with pytest.raises(AssertionError, match=rf"{name} is defined by .*Accounts and by chassis\."):
        made_of(Orders, type("Accounts", (), {name: lambda self: None}))


@pytest.mark.parametrize("name", ["event", "clock", "methods"])
def test_a_name_that_the_chassis_sets_is_refused(name: str) -> None:
    with pytest.raises(AssertionError, match=f"Accounts defines {name}, which the chassis sets"):
        made_of(Orders, type("Accounts", (), {name: None}))


def test_two_handlers_of_one_due_time_are_refused() -> None:
    class Accounts:
        @due(Noon)
        def ring_for_accounts(self, session: Any) -> None:
            """Ring the bell."""

    with pytest.raises(
        AssertionError, match="ring_for_accounts and ring_for_orders both have noon"
    ):
        made_of(Orders, Accounts)


def test_two_endpoints_of_one_route_are_refused() -> None:
    class Accounts:
        @command("POST /v1/orders/{account_id}/close", Nothing, scope="desk:write")
        def close_account(self, session: Any) -> None:
            """Close an account."""

    with pytest.raises(AssertionError, match=r"close and close_account both have POST .*/{}"):
        made_of(Orders, Accounts)


class RungAgain(Subscription, source="tower", event="rung"):
    """The bell of the tower, told otherwise."""

    event_version = 2


class RungEither(Subscription, source="tower", event="rung"):
    """The bell of the tower, as it was told first."""


def hearing(*heard: type[Subscription], subject: str = "Bells") -> type:
    """A subject with a handler for each of these."""
    handlers = {}
    for number, one in enumerate(heard, 1):

        def hear(self: Any, session: Any) -> None:
            """Hear it."""

        hear.__qualname__ = f"{subject}.hear"
        handlers[f"hear_{number}_for_{subject.lower()}"] = consumes(one)(hear)
    return type(subject, (), handlers)


@pytest.mark.parametrize(
    "subjects", [[[Rung], [Rung]], [[Rung, RungEither]], [[Rung], [RungAgain]]]
)
def test_handlers_of_one_event_are_each_for_themselves(
    subjects: list[list[type[Subscription]]],
) -> None:
    made = made_of(
        *(hearing(*heard, subject=f"Subject{place}") for place, heard in enumerate(subjects))
    )
    handlers = {name: entered for name, entered in made.inbox_names.items() if "hear_" in name}
    assert len(handlers) == 2
    assert all(name == entered for name, entered in handlers.items())


def test_handlers_of_one_event_in_two_versions_are_one_where_they_stand_in_one_subject() -> None:
    made = made_of(hearing(RungAgain, Rung), hearing(Rung, subject="Clocks"))
    assert {name: made.inbox_names[name] for name in made.inbox_names if "hear_" in name} == {
        "hear_1_for_bells": "hear_2_for_bells",
        "hear_2_for_bells": "hear_2_for_bells",
        "hear_1_for_clocks": "hear_1_for_clocks",
    }


def test_a_handler_that_may_belong_to_either_of_two_is_refused() -> None:
    with pytest.raises(
        AssertionError, match=r"both have tower\.rung\.v1: let one handler call both"
    ):
        made_of(hearing(Rung, RungEither, RungAgain))


def test_more_commands_that_take_many_than_there_are_lanes_for_are_refused() -> None:
    many = {}
    for number in range(GROUP_LANES_MAX + 1):

        def hurry(self: Any, session: Any, asked: Any) -> Any:
            """Do it at once."""

        route = f"POST /v1/hurries/{number}"
        many[f"hurry_{number}"] = command(route, Nothing, scope="desk:write", takes_many=True)(
            hurry
        )
    with pytest.raises(AssertionError, match="hurry_4 take many, and 4 may"):
        made_of(type("Hurries", (), many))


def test_subjects_that_share_nothing_make_a_service() -> None:
    class Accounts:
        @query("GET /v1/orders/{order_id}/close", Nothing, scope="desk:read")
        def get_closing(self, session: Any) -> None:
            """When it was closed."""

    assert {"close", "hear_for_orders", "get_closing"} <= made_of(Orders, Accounts).contracts.keys()


def note(**what: fields.Field) -> type[Schema]:
    return type("Note", (Schema,), {"__doc__": "A note.", **what})


def showing(schema: type[Schema], name: str) -> type:
    """A subject that answers with the schema."""

    def show(self: Any, session: Any) -> None:
        """Show it."""

    shown = query(f"GET /v1/{name}", Nothing, returns=schema, scope="desk:read")(show)
    return type(name.title(), (), {f"get_{name}": shown})


@pytest.mark.parametrize("other", [note(text=fields.String()), page_of(note())])
def test_two_schemas_of_one_name_are_refused(other: type[Schema]) -> None:
    both = made_of(showing(note(), "memos"), showing(other, "scraps"))
    with pytest.raises(
        AssertionError, match=r"two schemas are called Note, .* name each after its"
    ):
        _openapi(both)


def test_one_schema_may_be_shown_twice() -> None:
    shared = note()
    both = made_of(showing(shared, "memos"), showing(page_of(shared), "scraps"))
    assert {"desk.Note", "desk.NotePage"} <= _openapi(both)["components"]["schemas"].keys()
