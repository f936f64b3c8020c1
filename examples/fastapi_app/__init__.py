"""The shop in FastAPI, with SQLAlchemy."""
