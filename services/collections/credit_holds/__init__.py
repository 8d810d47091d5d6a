"""Credit holds: orders are stopped while a last warning is unheeded."""
