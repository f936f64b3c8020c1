"""The shop in Flask, with sqlite3."""
