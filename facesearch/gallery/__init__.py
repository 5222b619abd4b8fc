"""The faces of a gallery: search and counts over arrays."""
