"""The end of other sessions of a database."""

from __future__ import annotations

END_OTHERS = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"""
"""Of one's own role: PostgreSQL's own work there, as vacuuming, nobody but it may end."""
