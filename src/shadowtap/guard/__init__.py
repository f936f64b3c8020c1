"""The guard: on the shadow, a shadow request leaves no mark on the world outside."""
