"""The same small shop in three frameworks, each as primary and as shadow from the same code."""
