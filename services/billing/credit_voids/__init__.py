"""Credit notes issued in error, made void."""
