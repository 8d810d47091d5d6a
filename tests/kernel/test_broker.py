"""Whose messages count: the naming rule of the broker's users."""

from __future__ import annotations

import pytest

from kernel.broker import SHARED_USER, USERS_RULE, Users

URI = "amqp://steward_billing:s%40cret@127.0.0.1:5672/steward_main"


def test_each_owner_has_a_user_by_the_rule() -> None:
    users = Users.read(USERS_RULE, URI)
    assert users.own == "steward_billing"
    assert (users.of("billing"), users.of("gateway")) == (users.own, "steward_gateway")
    assert Users.read("{owner}@firm", URI).of("sales") == "sales@firm"


def test_where_all_share_one_user_nobody_is_told_from_another() -> None:
    users = Users.read(SHARED_USER, "amqp://us%40er@host")
    assert users.is_shared
    assert users.of("billing") == users.of("gateway") == users.own == "us@er"
    assert Users.read(SHARED_USER, "amqp://host").own == "guest"


@pytest.mark.parametrize("rule", ["", "steward", "{service}", "{owner}{owner}", "{owner", "a{}"])
def test_a_rule_that_names_nobody_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"steward_\{owner\}"):
        Users.read(rule, URI)
