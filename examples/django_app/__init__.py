"""The shop in Django, with its ORM."""
