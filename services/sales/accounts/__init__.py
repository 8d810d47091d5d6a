"""Sales' own copy of what decides whether an account may be supplied, kept by others' events."""
