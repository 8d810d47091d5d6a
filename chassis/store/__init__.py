"""The chassis' part of a service's database: its tables, the dialect, migrations, the clock."""
