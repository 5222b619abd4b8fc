"""What trains a model: recipes, losses, sources of images, the loop, and the bundle at its end."""
