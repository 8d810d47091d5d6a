"""Lines of orders, as they come in and go out."""
