"""`python runtime_sight.py FOLDER`: what ONNX Runtime and Python's protobuf see in each FOLDER/*.onnx, as JSON lines.

Each model is loaded in a process of its own, as the evaluator loads it but without optimisation, and written out again
by the runtime: the file written is what the runtime has understood.
"""

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path

import onnx
import onnxruntime
from google.protobuf.message import DecodeError

LOAD_SECONDS = 20


def operators_of(graph_or_function, seen):
    for node in graph_or_function.node:
        domain = "" if node.domain == "ai.onnx" else node.domain
        seen.add(f"{domain}:{node.op_type}" if domain else node.op_type)
        for attribute in node.attribute:
            for graph in [attribute.g, *attribute.graphs]:
                operators_of(graph, seen)


def operators(proto):
    seen = set()
    operators_of(proto.graph, seen)
    for function in proto.functions:
        operators_of(function, seen)
    for training in proto.training_info:
        operators_of(training.initialization, seen)
        operators_of(training.algorithm, seen)
    return sorted(seen)


def parse(file):
    proto = onnx.ModelProto()
    try:
        proto.ParseFromString(file.read_bytes())
        return operators(proto)
    except (DecodeError, UnicodeDecodeError):
        return None


def load(file, marker):
    written = file.with_suffix(".seen")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.optimized_model_filepath = str(written)
    options.add_session_config_entry("session.load_model_format", "ONNX")
    onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    seen = written.read_bytes()
    return {"operators": operators(onnx.ModelProto.FromString(seen)), "readFile": marker in seen}


def in_process_of_its_own(work):
    """What `work` gives, or None where it fails, crashes or does not end."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        for output in (1, 2):  # the runtime writes to both
            os.dup2(os.open(os.devnull, os.O_WRONLY), output)
        try:
            signal.alarm(LOAD_SECONDS)
            os.write(writer, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    text = b""
    while piece := os.read(reader, 65536):
        text += piece
    os.close(reader)
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


def main():
    folder = Path(sys.argv[1]).resolve()
    os.chdir(folder)
    marker = (folder / "weights.bin").read_bytes()[:64]
    for file in sorted(folder.glob("*.onnx")):
        runtime = in_process_of_its_own(partial(load, file, marker))
        print(json.dumps({"name": file.name, "protobuf": parse(file), "runtime": runtime}))


main()
