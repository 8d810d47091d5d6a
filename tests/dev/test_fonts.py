"""Missing typefaces are installed where that is possible, and asked for where it is not."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dev import fonts
from dev.state import State

_FILES = {
    "fonts-noto-core": "truetype/noto/NotoSans-Regular.ttf",
    "fonts-noto-cjk": "opentype/noto/NotoSansCJK-Regular.ttc",
    "fonts-symbola": "truetype/ancient-scripts/Symbola_hint.ttf",
}


def _put(folder: Path, packages: Sequence[str]) -> None:
    for package in packages:
        path = folder / _FILES[package]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_what_is_missing_is_installed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "fonts"
    _put(folder, ["fonts-noto-core"])
    wanted: list[Sequence[str]] = []

    def install(packages: Sequence[str], _state: State) -> None:
        wanted.append(packages)
        _put(folder, packages)

    monkeypatch.setattr(fonts, "install", install)
    fonts.ensure(State(tmp_path / "state"), folder)
    fonts.ensure(State(tmp_path / "state"), folder)

    assert wanted == [["fonts-noto-cjk", "fonts-symbola"]]
    assert capsys.readouterr() == ("", "")


def test_who_cannot_install_is_told_what_letters_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "install", lambda _packages, _state: None)
    fonts.ensure(State(tmp_path / "state"), tmp_path / "nowhere")

    printed = "".join(capsys.readouterr())
    assert "apt-get install fonts-noto-core fonts-noto-cjk fonts-symbola" in " ".join(
        printed.split()
    )
