"""Sales: what accounts buy. Products, orders and shipments."""
