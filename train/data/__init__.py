"""Labelled data sets: CelebA found, fetched and read, and any list laid out like it."""
