"""Callers: who is ringing, and all that whoever picks up needs to know, in one answer."""
