"""Stage 5: send copies to their targets. One ``Sender`` for each target."""
