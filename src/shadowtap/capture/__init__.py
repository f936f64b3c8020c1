"""From a request that passes by to a captured exchange: selection, sampling, bounded tee."""
