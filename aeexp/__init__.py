"""Experiments with autoencoders, configured by Hydra and tracked by MLflow."""

import os

# oneDNN's convolutions take half the time of TensorFlow's own where a processor has no more than AVX2, but TensorFlow
# takes them by itself only where there is AVX-512 VNNI. It reads this when it is loaded.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
