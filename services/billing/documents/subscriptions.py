"""What billing hears of itself: copies to send."""

from __future__ import annotations

from chassis.events import Subscription
from chassis.fields import Id


class DocumentCopyAsked(Subscription, source="billing"):
    """A copy to send."""

    copy_id = Id("dcp", required=True)
