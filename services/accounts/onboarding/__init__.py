"""Onboarding: the checklist of an account, and the way from prospect to active."""
