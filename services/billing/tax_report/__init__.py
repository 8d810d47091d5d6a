"""The tax report: base and tax by code and percentage, with the documents behind each figure."""
