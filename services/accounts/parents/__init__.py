"""Parents: which accounts belong together, and who pays for whom."""
