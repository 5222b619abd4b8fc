"""Offline: data sets, features, losses, training, evaluation."""
