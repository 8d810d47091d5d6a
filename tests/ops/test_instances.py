"""Who may do what on the broker, and how an instance may be named."""

import re
from pathlib import Path

import pytest

from ops import instances


@pytest.mark.parametrize(
    ("user", "may", "name", "expected"),
    [
        ("billing", "configure", "billing.sales.order_placed", True),
        ("billing", "configure", "billing.every", True),
        ("billing", "configure", "billing.events", True),
        ("billing", "configure", "sales.events", False),
        ("billing", "configure", "nameko-rpc", False),
        ("billing", "configure", "rpc-billing", True),
        ("billing", "configure", "rpc-billing2", False),
        ("billing", "configure", "billingx", False),
        ("billing", "write", "amq.default", False),
        ("billing", "write", "nameko-rpc", False),
        ("billing", "write", "steward.contracts", True),
        ("billing", "read", "steward.contracts", False),
        ("billing", "read", "sales.events", True),
        ("billing", "read", "collections.billing.invoice_issued", False),
        ("billing", "read", "sales.replies", False),
        ("billing", "read", "xbilling.events.more", False),
        ("billing", "binds_to_rpc", "billing.*", True),
        ("billing", "binds_to_rpc", "billing.#", False),
        ("billing", "binds_to_rpc", "#", False),
        ("gateway", "write", "nameko-rpc", True),
        ("gateway", "write", "amq.default", False),
        ("gateway", "configure", "gateway.feed", True),
        ("gateway", "configure", "billing.replies", False),
        ("gateway", "read", "billing.replies", True),
        ("gateway", "read", "billing.sales.order_placed", False),
        ("gateway", "binds_to_rpc", "0b7f3c9e-2f63-4b0f-9a35-0b8b3e0c5e3f", True),
        ("gateway", "binds_to_rpc", "billing.*", False),
        ("admin", "read", "billing.sales.order_placed", True),
    ],
)
def test_a_user_may(user: str, may: str, name: str, *, expected: bool) -> None:
    pattern = getattr(instances.permit(user), may)
    assert bool(re.search(pattern, name)) is expected


@pytest.mark.parametrize(
    "name",
    ["", "Billing", "a.b", "a-b", "a1", "gateway", "admin", "steward", "rpc", "subscriber_crm"],
)
def test_a_service_whose_name_is_the_beginning_of_anothers_things_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="A service is named"):
        instances.check_service(name)


@pytest.mark.parametrize("name", ["", "Main", "1st", "a-b", "broker", "x" * 41, "a; drop"])
def test_a_name_that_would_do_harm_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="An instance is named"):
        instances.check_name(name)


@pytest.mark.parametrize("owner", instances.OWNERS)
def test_the_longest_name_fits_a_postgresql_identifier(owner: str) -> None:
    assert len(instances.name_database("x" * 40, owner)) <= 63


def test_services_are_the_folders_that_are_there_and_in_an_image_those_that_were(
    tmp_path: Path,
) -> None:
    for name in ("sales", "desk"):
        (tmp_path / "services" / name).mkdir(parents=True)
        (tmp_path / "services" / name / "service.py").touch()
    (tmp_path / "services" / "gone" / "__pycache__").mkdir(parents=True)
    assert instances.find_services(tmp_path) == ("desk", "sales")
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "services.txt").write_text("billing\ndesk\n")
    assert instances.find_services(tmp_path) == ("billing", "desk")
