"""Reports: ageing, days sales outstanding, collected."""
