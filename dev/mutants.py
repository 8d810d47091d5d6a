"""`make mutants [S=billing]`: small faults put into the rules and the kernel; those that no test finds.

    python -m dev.mutants [kernel | SERVICE]

Each is tried against the tests of rules alone, which need no server; a changed sentence is no fault.
Needs the extra `mutants` (mutmut), which `make mutants` installs.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dev.state import PROJECT
from ops.instances import SERVICES

CODE = ("kernel", "stationery", "chassis", "services", "ops", "dev", "tests")
SECONDS_MAX = 1800
SETTINGS = """
[tool.mutmut]
source_paths = ["{source}"]
only_mutate = ["{only}"]
also_copy = {code}
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
"""


def main() -> int:
    """Print every mutant that lives, with its place; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="?", choices=["kernel", *SERVICES])
    part = parser.parse_args().part
    for each in [part] if part else ["kernel", *SERVICES]:
        with tempfile.TemporaryDirectory() as folder:
            tried, alive = try_mutants(each, Path(folder))
        print(f"{each}: {tried} mutants, {len(alive)} alive", *alive, sep="\n", flush=True)
    return 0


def try_mutants(part: str, folder: Path) -> tuple[int, list[str]]:
    """How many mutants of a part were tried, and those that live, each as its place and its lines."""
    for name in CODE:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (PROJECT / "pyproject.toml").read_text() + _settings(part)
    (folder / "pyproject.toml").write_text(settings)
    _run(folder, "run")
    results = _run(folder, "results", "--all", "true").splitlines()
    outcomes = dict(line.strip().rsplit(": ", 1) for line in results if "__mutmut_" in line)
    alive = [name for name, outcome in outcomes.items() if outcome != "killed"]
    return len(outcomes), list(_describe(folder / "mutants", alive))


def changed_lines(module: ast.Module, mutant: str) -> list[str]:
    """What a mutant changes in its function, as lines of a diff; none where it is but a sentence."""
    functions = {node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    kind, number = mutant.rsplit("_", 1)
    before, after = functions[f"{kind}_orig"], functions[f"{kind}_{number}"]
    before.name = after.name
    if ast.dump(_Unspoken().visit(before)) == ast.dump(_Unspoken().visit(after)):
        return []
    lines = difflib.ndiff(ast.unparse(before).splitlines(), ast.unparse(after).splitlines())
    return [line for line in lines if line.startswith(("-", "+"))]


class _Unspoken(ast.NodeTransformer):
    """Leaves sentences out: text with a space in it."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("…") if isinstance(node.value, str) and " " in node.value else node


def _describe(folder: Path, mutants: list[str]) -> Iterator[str]:
    for mutant in mutants:
        module, _, name = mutant.rpartition(".")
        path = Path(*module.split(".")).with_suffix(".py")
        lines = changed_lines(ast.parse((folder / path).read_text()), name)
        if lines:
            yield "\n    ".join([f"  {path}", *lines])


def _settings(part: str) -> str:
    source = part if part == "kernel" else f"services/{part}"
    tests = PROJECT / "tests" / source
    files = tests.rglob("test_*.py" if part == "kernel" else "test_rules.py")
    return SETTINGS.format(
        source=source,
        only="kernel/*.py" if part == "kernel" else "*/rules.py",
        code=list(CODE),
        tests=[file.relative_to(PROJECT).as_posix() for file in sorted(files)],
    )


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"mutmut {arguments[0]} failed:\n{(done.stderr or done.stdout)[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
