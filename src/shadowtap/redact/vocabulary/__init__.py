"""Words of field names in many languages, and what a field of that name holds."""
