"""What accounts measures of its own tables."""

from __future__ import annotations

from chassis.contract import Measure

WORKLIST = Measure(
    name="worklist",
    statement="""
        SELECT coalesce(sum(opened), 0) AS opened, coalesce(sum(done), 0) AS done,
            coalesce(sum(settled), 0) AS settled,
            (SELECT count(*) FROM worklist_item WHERE status = 'open') AS open
        FROM worklist_tally
        """,
    counters={
        "opened": "Items that came to worklists, ever.",
        "done": "Items that somebody said the outcome of.",
        "settled": "Items whose causes all ended by themselves.",
    },
    gauges={"open": "Items that are on worklists, snoozed ones among them."},
)
