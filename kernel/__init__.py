"""The kernel: money, calendar arithmetic, ids, e-mail addresses and refusals. Pure; needs the standard
library and, for addresses, email-validator."""
