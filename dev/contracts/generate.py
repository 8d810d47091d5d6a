"""Writes `contracts/` from the services' code, and compares it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from dev.contracts.asyncapi import describe_messages
from dev.state import PROJECT
from ops.instances import SERVICES

FOLDER = PROJECT / "contracts"
RELEASED = FOLDER / "released"
GATEWAY = PROJECT / "gateway" / "http" / "openapi.json"  # of its own routes, written by hand
NOWHERE = {
    "AMQP_URI": "amqp://nowhere",
    "DATABASE_URL": "postgresql://nowhere/none",
    "STEWARD_CALL_KEY": "00" * 32,
}


def generate() -> dict[Path, str]:
    """Every contract file with its text, made from the code as it is."""
    described = describe()
    files: dict[Path, Any] = {
        FOLDER / "asyncapi.json": describe_messages(described),
        FOLDER / "gateway" / "openapi.json": json.loads(GATEWAY.read_text()),
    }
    for service, contract in described.items():
        files[FOLDER / service / "openapi.json"] = _openapi(service, contract)
        for name, event in contract["event_schemas"].items():
            files[FOLDER / service / "events" / f"{name}.json"] = event
    return {
        path: json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        for path, content in files.items()
    }


def find_differences() -> list[str]:
    """What in `contracts/` is not what the code says."""
    wanted = generate()
    found = [
        f"{path.relative_to(PROJECT)}: {'differs' if path.exists() else 'is missing'}"
        for path, text in wanted.items()
        if not path.exists() or path.read_text() != text
    ]
    extra = list_written() - {*wanted}
    return found + [f"{path.relative_to(PROJECT)}: no service promises this" for path in extra]


def write() -> int:
    """Write all contract files, delete those without a promise; how many there are."""
    wanted = generate()
    for path in list_written() - {*wanted}:
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return len(wanted)


def list_written() -> set[Path]:
    """All files there are, but for what was released: that is a person's to change."""
    return {path for path in FOLDER.rglob("*.json") if not path.is_relative_to(RELEASED)}


@cache
def describe() -> dict[str, dict[str, Any]]:
    """What each service says of itself and of its events, by its name, asked of its code."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(SERVICES, pool.map(_describe, SERVICES), strict=True))


def _describe(service: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "chassis", "describe", f"services.{service}"],
        cwd=PROJECT,
        env={**os.environ, **NOWHERE},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{service} cannot be described:\n{done.stderr.decode()[-2000:]}")
    contract: dict[str, Any] = json.loads(done.stdout)
    return contract


def _openapi(service: str, contract: dict[str, Any]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Steward {service}", "version": "1"},
        **contract["openapi"],
    }
