"""The walls between services, subjects and kinds of files, made from the folders that are there."""
