"""Experiments with autoencoders, configured by Hydra and tracked by MLflow."""
