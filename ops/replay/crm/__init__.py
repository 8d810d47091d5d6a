"""A CRM's people, teams and accounts."""
