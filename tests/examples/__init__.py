"""The example shops over real servers."""
