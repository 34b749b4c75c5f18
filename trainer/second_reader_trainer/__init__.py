"""Trains, evaluates and exports the models that Second Reader monitors."""

import os

# Microsoft's builds of ONNX Runtime report their use unless this is set before they are loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
