"""Servers that somebody else runs, named in `AMQP_URI` and `DATABASE_URL`: used, never stopped."""

import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

from dev.binaries import ServersMissing
from dev.definitions import declare, list_definitions
from kernel.broker import SHARED_USER, USERS_RULE
from ops import instances
from ops.secrets import derive_password

_ANSWER_SECONDS_MAX = 20
_PORTS = {"amqp": 5672, "amqps": 5671, "postgresql": 5432, "postgres": 5432}


class NamedBroker:
    """The broker of `AMQP_URI`, administered through its management API.

    The API is sought on port 15672 of the same host, or where `AMQP_ADMIN_URL` says. Without it
    only the instance `main` can be had, in the virtual host and as the user that the URI names.
    """

    is_private = False

    def __init__(self, uri: str, admin_url: str | None = None) -> None:
        """Take the broker's URI and, if it is not in the usual place, its management URL."""
        self._text = uri
        self._uri = urlsplit(uri)
        self._admin_url = admin_url

    @property
    def port(self) -> int:
        """The AMQP port."""
        return _find_port(self._text)

    def is_running(self) -> bool:
        """Whether somebody answers at the address."""
        return _answers(self._text)

    def start(self) -> None:
        """Make sure that the broker answers.

        Raises:
            ServersMissing: it does not.
        """
        _require_answer("AMQP_URI", self._text)

    def stop(self) -> None:
        """Leave the broker alone: we did not start it."""

    def uri(self, owner: str, instance: str) -> str:
        """Return the address for a service's own user in an instance's virtual host."""
        if not self._has_api:
            return self._text
        user = instances.name_user(owner)
        place = f"{self._uri.hostname}:{self.port}"
        host = instances.name_virtual_host(instance)
        return f"{self._uri.scheme}://{user}:{self._password(user)}@{place}/{host}"

    @property
    def users_rule(self) -> str:
        """How the users are named; without the management API all processes have the one."""
        return USERS_RULE if self._has_api else SHARED_USER

    def make(self, instance: str, guests: Sequence[str] = ()) -> None:
        """Make the virtual host of an instance; bring users, rights, exchanges and queues up to date.

        Raises:
            ServersMissing: the broker has no management API and this is not the first instance.
        """
        if self._has_api:
            definitions = list_definitions(instance, self._password, guests)
            self._call("POST", "definitions", json.dumps(definitions).encode())
        elif instance != "main":
            raise ServersMissing(
                "An instance needs a virtual host of its own: turn on the broker's management "
                "plugin and name it in AMQP_ADMIN_URL, as in http://user:password@host:15672."
            )
        else:
            declare(self._text, guests)

    def drop(self, instance: str) -> None:
        """Delete the virtual host of an instance with all that is in it."""
        if self._has_api:
            host = quote(instances.name_virtual_host(instance), safe="")
            self._call("DELETE", f"vhosts/{host}")

    @cached_property
    def _has_api(self) -> bool:
        try:
            self._call("GET", "overview")
        except OSError as error:
            if self._admin_url:
                raise ServersMissing(
                    f"The management API that AMQP_ADMIN_URL names is of no use: {error}."
                ) from error
            return False
        return True

    def _call(self, method: str, path: str, body: bytes | None = None) -> None:
        """Call the management API; that something to be deleted is gone already is no error."""
        default = f"http://{self._uri.netloc.rpartition('@')[0]}@{self._uri.hostname}:15672"
        admin = urlsplit(self._admin_url or default)
        credentials = f"{unquote(admin.username or '')}:{unquote(admin.password or '')}"
        request = urllib.request.Request(
            f"{admin.scheme}://{admin.netloc.rpartition('@')[2]}/api/{path}",
            method=method,
            data=body,
            headers={
                "Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}",
                "Content-Type": "application/json",
            },
        )
        try:
            urllib.request.urlopen(request, timeout=_ANSWER_SECONDS_MAX).close()
        except urllib.error.HTTPError as refused:
            if (method, refused.code) != ("DELETE", 404):
                raise

    def _password(self, user: str) -> str:
        own = unquote(self._uri.password or "")
        return own if user == self._uri.username else derive_password(own, user)


class NamedPostgres:
    """The PostgreSQL of `DATABASE_URL`, whose user may make databases and users."""

    is_private = False

    def __init__(self, admin_url: str) -> None:
        """Take the administrator's URL; a driver's name in its scheme is dropped."""
        scheme, _, rest = admin_url.partition("://")
        self.admin_url = f"{scheme.partition('+')[0]}://{rest}"

    @property
    def port(self) -> int:
        """The server's port."""
        return _find_port(self.admin_url)

    def is_running(self) -> bool:
        """Whether somebody answers at the address."""
        return _answers(self.admin_url)

    def start(self) -> None:
        """Make sure that the server answers.

        Raises:
            ServersMissing: it does not.
        """
        _require_answer("DATABASE_URL", self.admin_url)

    def stop(self) -> None:
        """Leave the server alone: we did not start it."""


def _find_port(uri: str) -> int:
    parts = urlsplit(uri)
    return parts.port or _PORTS[parts.scheme]


def _answers(uri: str) -> bool:
    address = (urlsplit(uri).hostname or "localhost", _find_port(uri))
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        return False
    return True


def _require_answer(variable: str, uri: str) -> None:
    if not _answers(uri):
        place = urlsplit(uri).netloc.rpartition("@")[2]
        raise ServersMissing(f"Nobody answers at {place}, which {variable} names.")
