"""Real servers with several processes: who runs what, what is left at the end, and whether the totals add up."""
