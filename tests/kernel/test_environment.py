"""Secrets are given in one of two ways, and never silently in none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.environment import secret_of


@pytest.mark.parametrize("written", ["s3cret", "s3cret\n"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, written: str) -> None:
    (tmp_path / "uri").write_text(written)
    assert secret_of({"URI_FILE": str(tmp_path / "uri")}, "URI") == "s3cret"


@pytest.mark.parametrize(
    ("environment", "value"),
    [({}, None), ({"URI": "s3cret"}, "s3cret"), ({"URI": "s3cret", "URI_FILE": ""}, "s3cret")],
)
def test_it_may_be_given_as_it_is_or_not_at_all(
    environment: dict[str, str], value: str | None
) -> None:
    assert secret_of(environment, "URI") == value


def test_a_file_of_several_lines_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("-----BEGIN\nabc\n-----END\n\n")
    assert secret_of({"KEY_FILE": str(tmp_path / "key")}, "KEY") == "-----BEGIN\nabc\n-----END\n"


def test_what_is_given_twice_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="URI and URI_FILE are both set"):
        secret_of({"URI": "a", "URI_FILE": str(tmp_path / "uri")}, "URI")
    with pytest.raises(ValueError, match="URI_FILE names a file that cannot be read"):
        secret_of({"URI_FILE": str(tmp_path / "uri")}, "URI")
