"""The model as MLflow serves it. A copy of this file lies in each MLflow model, where aeexp need not be installed."""

from typing import Any

import keras
import mlflow
import numpy as np
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import PythonModel

BATCH = 256
"""Images computed at a time, to bound the memory."""


class ServedModel(PythonModel):
    """Restores images, or encodes them where the parameter `output` is `latent` or another output of the network."""

    def load_context(self, context: Any) -> None:
        """Read the network: stock layers of Keras, no pickle."""
        self._network = keras.saving.load_model(context.artifacts["network"], compile=False)

    def predict(self, context: Any, model_input: np.ndarray, params: dict[str, Any] | None = None) -> np.ndarray:
        """float32 [N, h, w, c] in [0, 1] -> [N, H, W, C] in [0, 1], or codes [N, …]."""
        output = (params or {}).get("output", "reconstruction")
        if output not in self._network.output:
            names = ", ".join(self._network.output)
            raise MlflowException.invalid_parameter_value(f"output must be one of {names}. Received {output}.")
        starts = range(0, max(1, len(model_input)), BATCH)
        batches = [self._network(model_input[start : start + BATCH])[output] for start in starts]
        return np.concatenate([np.asarray(batch) for batch in batches])


mlflow.models.set_model(ServedModel())
