"""Own photographs: find every face, frame it as CelebA frames them, keep an index up to date."""
