"""Real servers of several processes: who runs what, what is left at the end, and do the totals add up."""
