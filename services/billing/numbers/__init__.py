"""Gap-free numbers of documents."""
