"""Databases and users of an instance in a PostgreSQL server, private or not."""

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ops import instances
from ops.secrets import derive_password

_Connection = psycopg.Connection[tuple[object, ...]]


class Databases:
    """The databases of instances on one server, reached as an administrator.

    A user's password is derived from the administrator's: whoever may administer the server knows
    it, from any checkout, without a file.
    """

    def __init__(self, admin_url: str) -> None:
        """Take the URL of a user who may make databases and users."""
        self._admin_url = admin_url

    def url(self, owner: str, instance: str) -> str:
        """Return the URL of a service's database for the service's own user."""
        user = instances.name_user(owner)
        parts = urlsplit(self._admin_url)
        host = parts.netloc.rpartition("@")[2]
        credentials = f"{user}:{quote(self._password(user), safe='')}"
        path = f"/{instances.name_database(instance, owner)}"
        return urlunsplit(("postgresql", f"{credentials}@{host}", path, parts.query, ""))

    def make(self, instance: str, *, like: str | None = None) -> None:
        """Make the databases that are missing, as copies of another instance's if one is named."""
        with self._connect() as connection:
            there = _list_names(connection, "datname", "pg_database")
            users = _list_names(connection, "rolname", "pg_roles")
            for owner in instances.OWNERS:
                name = instances.name_database(instance, owner)
                if name in there:
                    continue
                self._make_user(connection, owner, is_new=instances.name_user(owner) not in users)
                template = instances.name_database(like, owner) if like else "template1"
                _make_database(connection, name, owner, template)

    def close_to_others(self) -> None:
        """Let nobody but administrators into the databases that came with a server of our own."""
        with self._connect() as connection:
            for name in ("postgres", "template1"):
                revoke = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC")
                connection.execute(revoke.format(sql.Identifier(name)))

    def drop(self, instance: str) -> None:
        """Delete an instance's databases, whoever is connected; users stay for other instances."""
        with self._connect() as connection:
            for owner in instances.OWNERS:
                name = sql.Identifier(instances.name_database(instance, owner))
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _connect(self) -> _Connection:
        return psycopg.connect(self._admin_url, autocommit=True, connect_timeout=10)

    def _make_user(self, connection: _Connection, owner: str, *, is_new: bool) -> None:
        user = instances.name_user(owner)
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
                sql.SQL("CREATE" if is_new else "ALTER"),
                sql.Identifier(user),
                sql.Literal(self._password(user)),
            )
        )
        # Whoever is no superuser must belong to a user to give it a database.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(user)))

    def _password(self, user: str) -> str:
        return derive_password(urlsplit(self._admin_url).password or "", user)


def _make_database(connection: _Connection, name: str, owner: str, template: str) -> None:
    """Make a database that only its owner (and an administrator) can connect to."""
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            database, sql.Identifier(instances.name_user(owner)), sql.Identifier(template)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))


def _list_names(connection: _Connection, column: str, table: str) -> set[object]:
    query = sql.SQL("SELECT {} FROM {} WHERE {} LIKE 'steward\\_%%'").format(
        sql.Identifier(column), sql.Identifier(table), sql.Identifier(column)
    )
    return {row[0] for row in connection.execute(query)}
