"""What is sent to people, as paper and as mail: languages, addresses, typefaces, pages, PDF, messages."""
