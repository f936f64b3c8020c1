"""A labelled corpus, made up anew from a seed: fields, technical values and texts of many countries."""
