"""The way into batches of products."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.product_batches import schemas, usecases


class ProductBatches:
    """Many products at once."""

    @command(
        "POST /v1/product-batches",
        schemas.NewProductBatch,
        returns=schemas.ProductBatch,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        seconds_max=60,
    )
    def offer_products(self, session, **values):
        """Offer up to 500 products at once, each as if it came alone after those before it. Each is
        offered or refused by itself: a refused one is reported with its place and the reason, and the
        others are offered all the same. One whose sku is there already, on sale or retired, and that says
        the same is found and left as it is (`is_new`: false); so a list may be sent again, whole or in
        other parts. Where it says otherwise it is refused (`sku_taken`), with each field in which it
        does."""
        return usecases.offer_batch(session, **values)
