"""Consents: by which channels a client agrees to be contacted."""
