"""The process: sockets, protocol, workers, health."""
