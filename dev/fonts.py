"""The typefaces that letters are set in: found on this machine, or installed with apt."""

from pathlib import Path

from dev.binaries import install
from dev.state import State
from ops.console import say

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / "Library/Fonts",
)
_PACKAGES = {
    "NotoSans-Regular.*": "fonts-noto-core",
    "NotoSansCJK-Regular.*": "fonts-noto-cjk",
    "Symbola*": "fonts-symbola",
}


def find_missing(*folders: Path) -> list[str]:
    """Return Debian's packages of the typefaces that are in none of the folders."""
    return [
        package
        for pattern, package in _PACKAGES.items()
        if not any(True for folder in folders for _ in folder.rglob(pattern))
    ]


def ensure(state: State, *folders: Path) -> None:
    """Install what is missing if that is possible, else say which characters letters will lack."""
    folders = folders or FOLDERS
    with state.lock():
        if missing := find_missing(*folders):
            install(missing, state)
    if missing := find_missing(*folders):
        say(
            "Letters will lack characters: install Noto and Symbola (Debian, Ubuntu: apt-get install "
            f"{' '.join(missing)}), or put their files, NotoSans-Regular.ttf and so on, into "
            "~/.local/share/fonts or ~/Library/Fonts."
        )
