"""The demo: real apps, real servers, real requests; every promise is checked at the end."""
