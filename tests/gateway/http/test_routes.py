"""Routes: from a path as it was sent to its endpoints."""

from __future__ import annotations

import pytest

from gateway.http.routes import Endpoint, Routes


def _endpoint(route: str) -> Endpoint:
    verb, path = route.split()
    return Endpoint("things", route, verb, path)


ROUTES = Routes(
    map(
        _endpoint,
        [
            "GET /v1/things",
            "POST /v1/things",
            "GET /v1/things/{thing_id}",
            "GET /v1/things/search",
            "POST /v1/things/{thing_id}/void",
            "GET /v1/things/search/{word}/now",
            "GET /v1/{kind}/{thing_id}/parts/{part_id}",
        ],
    )
)


@pytest.mark.parametrize(
    ("path", "found", "values"),
    [
        ("/v1/things", "GET /v1/things", []),
        ("/v1/things/7", "GET /v1/things/{thing_id}", ["7"]),
        ("/v1/things/search", "GET /v1/things/search", []),
        ("/v1/things/a%2Fb%3F", "GET /v1/things/{thing_id}", ["a/b?"]),
        ("/v1/things/%C3%BC", "GET /v1/things/{thing_id}", ["ü"]),
        ("/v1/things/a+b", "GET /v1/things/{thing_id}", ["a+b"]),
        ("/v1/thing%73/7", "GET /v1/things/{thing_id}", ["7"]),
        ("/v1/things/search/now/now", "GET /v1/things/search/{word}/now", ["now"]),
        ("/v1/things/search/parts/7", "GET /v1/{kind}/{thing_id}/parts/{part_id}", None),
        ("/v1/boats/7/parts/8", "GET /v1/{kind}/{thing_id}/parts/{part_id}", ["boats", "7", "8"]),
    ],
)
def test_a_path_leads_to_the_most_literal_route(
    path: str, found: str, values: list[str] | None
) -> None:
    verbs, given = ROUTES.find(path.encode()) or ({}, [])
    assert verbs["GET"].method == found
    assert given == (["things", "search", "7"] if values is None else values)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "", "v1/things", "/v1", "/v1/things/", "/v1//7", "/v1/things//void", "/v2/things"),
        *("/v1/things/7/void/", "/v1/things/7/8/9/10", "/v1/things/%ff", "/" * 5000, "/v1/Things"),
    ],
)
def test_any_other_path_leads_nowhere(path: str) -> None:
    assert ROUTES.find(path.encode()) is None


def test_a_path_knows_all_its_verbs() -> None:
    verbs, _ = ROUTES.find(b"/v1/things") or ({}, [])
    assert sorted(verbs) == ["GET", "POST"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/invoices", "invoice_id"),
        ("/v1/credit-notes", "credit_note_id"),
        ("/v1/diaries", "diary_id"),
        ("/v1/boxes", "box_id"),
        ("/v1/staff", "staff_id"),
        ("/v1/files/things", "file_id"),
        ("/v1/things", "thing_id"),
    ],
)
def test_the_id_of_what_is_made_is_named_after_the_path(path: str, name: str) -> None:
    assert name in _endpoint(f"POST {path}").id_names
