"""Business days of a client's country, and due days that move to one."""
