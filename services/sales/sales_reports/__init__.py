"""Reports of sales: what was shipped and what came back, by product, account or month."""
