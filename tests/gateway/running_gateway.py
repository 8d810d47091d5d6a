"""A gateway as a process of its own, and a proxy to cut its connections."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx

from tests.gateway.fake_service import SECRET, wait_until

PEPPER = secrets.token_hex(32)


class RunningGateway:
    """A gateway process, its address, and ways to make keys for it."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "STEWARD_CALL_SECRET": SECRET.decode(),
            "STEWARD_KEY_PEPPER": PEPPER,
            "STEWARD_ENV": "development",
            "STEWARD_SERVICES": "things",
            "STEWARD_PORT": str(self.port),
            "STEWARD_LOOK_SECONDS": "1",
            **environment,
        }
        self.log = log
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def migrate(self) -> None:
        """Bring its database to the newest schema."""
        subprocess.run(
            [sys.executable, "-m", "gateway", "migrate"], env=self.environment, check=True
        )

    def start(self) -> None:
        """Return when it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "run"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        wait_until(self._is_live, seconds_max=40)

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(35)

    def terminate(self) -> subprocess.Popen[bytes]:
        """SIGTERM without waiting."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process

    def wait_for(self, service: str, word: str = "present") -> None:
        """Return when readiness says so of the service."""
        wait_until(lambda: self.readiness()["services"].get(service) == word)

    def readiness(self) -> dict[str, Any]:
        """The page, whatever its status."""
        told: dict[str, Any] = httpx.get(f"{self.url}/health/ready").json()
        return told

    def metrics(self) -> str:
        """The page of metrics."""
        return httpx.get(f"{self.url}/metrics").text

    def make_key(self, scopes: str = "*", *more: str) -> str:
        """A key, made on the command line."""
        command = [sys.executable, "-m", "gateway", "create-key", "--name", "test"]
        made = subprocess.run(
            [*command, "--scopes", scopes, *more],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.splitlines()[-1]

    def client(self, key: str | None) -> httpx.Client:
        """An HTTP client that sends this key."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=100)
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, limits=limits)

    def _is_live(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.url}/health/live").status_code == 200
        except httpx.TransportError:
            return False


class Proxy:
    """A TCP proxy that can cut what goes through it, and refuse newcomers for a while."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.is_refusing = False
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections at once."""
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut, and listen no more."""
        self.is_refusing = True
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_refusing:
                client.close()
                continue
            server = socket.create_connection(self._target)
            self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            self._open.discard(one)
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
