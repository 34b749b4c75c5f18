"""`python reference_probabilities.py MODEL_FOLDER FILE…`: one JSON array of probabilities per file, by the trainer's
preprocessing, Python's ONNX Runtime and a float64 softmax, or a float64 division of probabilities by their sum."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from second_reader_trainer.model_card import read_model_card
from second_reader_trainer.preprocess import preprocess

folder = Path(sys.argv[1])
card = read_model_card(folder / "model.json")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
for file in sys.argv[2:]:
    tensor = preprocess(Path(file).read_bytes(), card)[None]
    (output,) = session.run([card.output.logits or card.output.probabilities], {card.input.name: tensor})
    values = output[0].astype(np.float64)
    if card.output.logits:
        values = np.exp(values - values.max())
    print(json.dumps((values / values.sum()).tolist()))
