"""Networks, weights and pixels: the only room that imports torch."""
