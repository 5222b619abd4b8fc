"""What measures a model: the benchmark, its tables and plots, and the model card."""
