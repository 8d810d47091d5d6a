"""The kernel: money, calendar arithmetic, ids and refusals. Pure, standard library only."""
