"""What the benchmarks share: pinned processes, load, shadows that behave and misbehave, tables."""
