"""Writes small ONNX models, good and hostile, into a folder: `python make_models.py FOLDER`.

Every model takes `input` float32 [batch, 1, 64, 64] and gives `logits` float32 [batch, 3], unless its name says
what is wrong with it.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
CLASSES = 3
FLOAT = TensorProto.FLOAT


def value(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def model(nodes, initializers=(), *, inputs=None, outputs=None, opset=17, domains=(), ir_version=8):
    graph = helper.make_graph(
        list(nodes),
        "model",
        inputs or [value("input", ["batch", 1, SIDE, SIDE])],
        outputs or [value("logits", ["batch", CLASSES])],
        list(initializers),
    )
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in domains)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)


def classifier(classes=CLASSES, *, channels=1, side=SIDE, source="input", last="logits"):
    """Mean and two weighted means of all pixels through a linear layer: sensitive to every pixel."""
    random = np.random.default_rng(7)
    weights = random.normal(0, 0.05, (channels * side * side, classes)).astype(np.float32)
    nodes = [
        helper.make_node("Flatten", [source], ["flat"], axis=1),
        helper.make_node("Gemm", ["flat", "weights", "bias"], [last]),
    ]
    bias = np.linspace(-0.5, 0.5, classes, dtype=np.float32)
    return nodes, [constant("weights", weights), constant("bias", bias)]


def valid():
    return model(*classifier())


def valid_rgb():
    nodes, weights = classifier(channels=3)
    return model(nodes, weights, inputs=[value("input", ["batch", 3, SIDE, SIDE])])


def softmaxed(output="probabilities"):
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("Softmax", ["scores"], [output], axis=1))
    return model(nodes, weights, outputs=[value(output, ["batch", CLASSES])])


def fixed_batch(size):
    nodes, weights = classifier()
    return model(
        nodes,
        weights,
        inputs=[value("input", [size, 1, SIDE, SIDE])],
        outputs=[value("logits", [size, CLASSES])],
    )


def constant_output():
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["mean", "one"], ["column"]),
        helper.make_node("Mul", ["column", "zeros"], ["scaled"]),
        helper.make_node("Add", ["scaled", "logit"], ["logits"]),
    ]
    return model(
        nodes,
        [
            constant("one", np.array([1], np.int64)),
            constant("zeros", np.zeros((1, CLASSES), np.float32)),
            constant("logit", np.array([[1, 2, 3]], np.float32)),
        ],
    )


def not_finite():
    nodes, weights = classifier(last="scores")
    nodes += [
        helper.make_node("Sub", ["scores", "scores"], ["zero"]),
        helper.make_node("Div", ["scores", "zero"], ["logits"]),
    ]
    return model(nodes, weights)


def not_finite_for(grey):
    """0 / 0 exactly where the image is constant at this level; the dry run has images of levels 0 and 255."""
    nodes, weights = classifier(last="scores")
    level = np.float32(np.float32(np.float32(grey) / np.float32(255)) - np.float32(0.5)) / np.float32(0.5)
    nodes += [
        helper.make_node("Sub", ["input", "level"], ["apart"]),
        helper.make_node("ReduceL1", ["apart"], ["distance"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["distance", "one"], ["column"]),
        helper.make_node("Div", ["column", "column"], ["ones"]),
        helper.make_node("Mul", ["scores", "ones"], ["logits"]),
    ]
    return model(nodes, [*weights, constant("level", level), constant("one", np.array([1], np.int64))])


def branch():
    """An If on the image's content, each branch a graph of its own, as PyTorch exports one."""
    nodes, weights = classifier(last="scores")

    def then(operator):
        node = helper.make_node(operator, ["scores"], [operator])
        return helper.make_graph([node], operator, [], [value(operator, ["batch", 3])])

    nodes += [
        helper.make_node("ReduceMean", ["input"], ["level"], keepdims=0),
        helper.make_node("Greater", ["level", "nought"], ["bright"]),
        helper.make_node("If", ["bright"], ["logits"], then_branch=then("Identity"), else_branch=then("Neg")),
    ]
    return model(nodes, [*weights, constant("nought", np.array(0, np.float32))])


def random_output():
    nodes, weights = classifier(last="scores")
    nodes += [
        helper.make_node("RandomNormal", [], ["noise"], shape=[1, CLASSES]),
        helper.make_node("Add", ["scores", "noise"], ["logits"]),
    ]
    return model(nodes, weights)


def two_inputs():
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("Add", ["scores", "second"], ["logits"]))
    inputs = [value("input", ["batch", 1, SIDE, SIDE]), value("second", [1, CLASSES])]
    return model(nodes, weights, inputs=inputs)


def float16_input():
    nodes, weights = classifier()
    nodes[0].input[0] = "wide"
    cast = helper.make_node("Cast", ["input"], ["wide"], to=FLOAT)
    inputs = [value("input", ["batch", 1, SIDE, SIDE], TensorProto.FLOAT16)]
    return model([cast, *nodes], weights, inputs=inputs)


def channels_last():
    nodes, weights = classifier()
    return model(nodes, weights, inputs=[value("input", ["batch", SIDE, SIDE, 1])])


def rank_two():
    nodes, weights = classifier()
    return model(nodes, weights, inputs=[value("input", ["batch", SIDE * SIDE])])


def custom_operator():
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("Diagnose", ["scores"], ["logits"], domain="acme"))
    return model(nodes, weights, domains=["acme"])


def external_data(location):
    proto = valid()
    tensor = proto.graph.initializer[0]
    length = len(tensor.raw_data)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in {"location": location, "offset": "0", "length": str(length)}.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, text
    return proto


def own_function():
    """A function of the model's own, with a branch in it."""
    proto = branch()
    inner = helper.make_function(
        "own", "Twice", ["x"], ["y"], [helper.make_node("Add", ["x", "x"], ["y"])], [helper.make_opsetid("", 17)]
    )
    proto.functions.append(inner)
    proto.opset_import.append(helper.make_opsetid("own", 1))
    proto.graph.node.append(helper.make_node("Twice", ["logits"], ["doubled"], domain="own"))
    proto.graph.output[0].name = "doubled"
    return proto


def sparse_initializer():
    """A bias of which only one value is written."""
    proto = valid()
    (bias,) = [each for each in proto.graph.initializer if each.name == "bias"]
    proto.graph.initializer.remove(bias)
    values = constant("bias", np.array([0.5], np.float32))
    sparse = helper.make_sparse_tensor(values, constant("places", np.array([1], np.int64)), [CLASSES])
    proto.graph.sparse_initializer.append(sparse)
    return proto


def endless_loop():
    """Loop with the largest trip count there is and a condition that stays true."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["condition"], ["go_on"]),
            helper.make_node("Add", ["state", "state"], ["next"]),
        ],
        "body",
        [
            value("trip", [], TensorProto.INT64),
            value("condition", [], TensorProto.BOOL),
            value("state", None),
        ],
        [value("go_on", [], TensorProto.BOOL), value("next", None)],
    )
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("Loop", ["trips", "true", "scores"], ["logits"], body=body))
    return model(
        nodes,
        [*weights, constant("trips", np.int64(2**62)), constant("true", np.bool_(True))],
    )


def slow():
    """No loop, no large weights, and yet hours of multiplications."""
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("ReduceMean", ["input"], ["grey"], keepdims=0))
    nodes.append(helper.make_node("Expand", ["grey", "shape"], ["m0"]))
    for i in range(200):
        nodes.append(helper.make_node("MatMul", [f"m{i}", f"m{i}"], [f"p{i}"]))
        nodes.append(helper.make_node("Tanh", [f"p{i}"], [f"m{i + 1}"]))
    nodes.append(helper.make_node("ReduceMean", ["m200"], ["end"], keepdims=0))
    nodes.append(helper.make_node("Add", ["scores", "end"], ["logits"]))
    return model(nodes, [*weights, constant("shape", np.array([6000, 6000], np.int64))])


def memory_bomb(side):
    """side² float32 from a scalar: one allocation that no weight announces."""
    nodes, weights = classifier(last="scores")
    nodes += [
        helper.make_node("ReduceMean", ["input"], ["grey"], keepdims=0),
        helper.make_node("Expand", ["grey", "shape"], ["huge"]),
        helper.make_node("Exp", ["huge"], ["grown"]),
        helper.make_node("ReduceMean", ["grown"], ["small"], keepdims=0),
        helper.make_node("Add", ["scores", "small"], ["logits"]),
    ]
    return model(nodes, [*weights, constant("shape", np.array([side, side], np.int64))])


def memory_creep():
    """Forty intermediates of 256 MB, all needed until the end: none of them is much."""
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("ReduceMean", ["input"], ["grey"], keepdims=0))
    nodes.append(helper.make_node("Expand", ["grey", "shape"], ["m0"]))
    nodes += [helper.make_node("Exp", [f"m{i}"], [f"m{i + 1}"]) for i in range(40)]
    nodes.append(helper.make_node("Sum", [f"m{i}" for i in range(41)], ["sum"]))
    nodes.append(helper.make_node("ReduceMean", ["sum"], ["small"], keepdims=0))
    nodes.append(helper.make_node("Add", ["scores", "small"], ["logits"]))
    return model(nodes, [*weights, constant("shape", np.array([8192, 8192], np.int64))])


def dynamic_sides():
    """States no height and width, and works with 64 alone."""
    nodes, weights = classifier()
    return model(nodes, weights, inputs=[value("input", ["batch", 1, "height", "width"])])


def infinite():
    nodes, weights = classifier(last="scores")
    nodes.append(helper.make_node("Div", ["scores", "nought"], ["logits"]))
    return model(nodes, [*weights, constant("nought", np.zeros(1, np.float32))])


def uint8_input():
    nodes, weights = classifier()
    nodes[0].input[0] = "wide"
    cast = helper.make_node("Cast", ["input"], ["wide"], to=FLOAT)
    inputs = [value("input", ["batch", 1, SIDE, SIDE], TensorProto.UINT8)]
    return model([cast, *nodes], weights, inputs=inputs)


def no_input():
    answer = constant("answer", np.array([[1, 2, 3]], np.float32))
    graph = helper.make_graph(
        [helper.make_node("Identity", ["answer"], ["logits"])],
        "model",
        [],
        [value("logits", [1, CLASSES])],
        [answer],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def two_outputs():
    nodes, weights = classifier()
    nodes.append(helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1))
    outputs = [value("logits", ["batch", CLASSES]), value("probabilities", ["batch", CLASSES])]
    return model(nodes, weights, outputs=outputs)


def dropout_in_training():
    """Exported without `eval()`: half of the pixels are lost, others each time."""
    dropout = helper.make_node("Dropout", ["input", "ratio", "training"], ["kept"])
    nodes, weights = classifier(source="kept")
    extra = [constant("ratio", np.float32(0.5)), constant("training", np.bool_(True))]
    return model([dropout, *nodes], [*weights, *extra])


def renamed_output():
    nodes, weights = classifier(last="scores")
    return model(nodes, weights, outputs=[value("scores", ["batch", CLASSES])])


def wrong_class_count(count):
    nodes, weights = classifier(count)
    return model(nodes, weights, outputs=[value("logits", ["batch", count])])


def last_step(*steps, shape, kind=FLOAT, initializers=()):
    """The classifier with more nodes behind it: each is an operator and its attributes, the last gives the logits."""
    nodes, weights = classifier(last="step0")
    for i, (operator, extra, attributes) in enumerate(steps):
        output = "logits" if i == len(steps) - 1 else f"step{i + 1}"
        nodes.append(helper.make_node(operator, [f"step{i}", *extra], [output], **attributes))
    return model(nodes, [*weights, *initializers], outputs=[value("logits", shape, kind)])


def one_column():
    nodes, weights = classifier(1, last="score")
    nodes.append(helper.make_node("Sigmoid", ["score"], ["logits"]))
    return model(nodes, weights, outputs=[value("logits", ["batch", 1])])


def rounded_softmax(steps):
    """A softmax that says each probability in steps of 1 / steps, as one of 8 bits does."""
    scale = [constant("scale", np.float32(1 / steps)), constant("zero", np.uint8(0))]
    return last_step(
        ("Softmax", [], {"axis": 1}),
        ("QuantizeLinear", ["scale", "zero"], {}),
        ("DequantizeLinear", ["scale", "zero"], {}),
        shape=["batch", CLASSES],
        initializers=scale,
    )


OUTPUTS = {
    "sigmoid-per-class": lambda: last_step(("Sigmoid", [], {}), shape=["batch", CLASSES]),
    "hard-sigmoid-per-class": lambda: last_step(("HardSigmoid", [], {}), shape=["batch", CLASSES]),
    "softmax-of-8-bits": lambda: rounded_softmax(256),
    "softmax-of-7-bits": lambda: rounded_softmax(128),
    "softmax-of-255-steps": lambda: rounded_softmax(255),
    "float16-softmax": lambda: last_step(
        ("Cast", [], {"to": TensorProto.FLOAT16}),
        ("Softmax", [], {"axis": 1}),
        ("Cast", [], {"to": FLOAT}),
        shape=["batch", CLASSES],
    ),
    "one-column": one_column,
    "float16-output": lambda: last_step(
        ("Cast", [], {"to": TensorProto.FLOAT16}), shape=["batch", CLASSES], kind=TensorProto.FLOAT16
    ),
    "double-output": lambda: last_step(
        ("Cast", [], {"to": TensorProto.DOUBLE}), shape=["batch", CLASSES], kind=TensorProto.DOUBLE
    ),
    "rank-four-output": lambda: last_step(
        ("Reshape", ["four"], {}),
        shape=["batch", CLASSES, 1, 1],
        initializers=[constant("four", np.array([-1, CLASSES, 1, 1], np.int64))],
    ),
    "rank-four-output-unstated": lambda: last_step(
        ("Reshape", ["four"], {}),
        shape=None,
        initializers=[constant("four", np.array([-1, CLASSES, 1, 1], np.int64))],
    ),
    "rank-one-output": lambda: last_step(
        ("Reshape", ["one"], {}), shape=[CLASSES], initializers=[constant("one", np.array([-1], np.int64))]
    ),
}

MODELS = {
    **OUTPUTS,
    "valid": valid,
    "valid-rgb": valid_rgb,
    "probabilities": softmaxed,
    "softmaxed-logits": lambda: softmaxed("logits"),
    "fixed-batch-1": lambda: fixed_batch(1),
    "fixed-batch-8": lambda: fixed_batch(8),
    "constant-output": constant_output,
    "not-finite": not_finite,
    "not-finite-for-grey": lambda: not_finite_for(51),
    "not-finite-for-black": lambda: not_finite_for(0),
    "branch": branch,
    "function": own_function,
    "sparse-initializer": sparse_initializer,
    "infinite": infinite,
    "random-output": random_output,
    "dropout-in-training": dropout_in_training,
    "no-input": no_input,
    "two-outputs": two_outputs,
    "uint8-input": uint8_input,
    "dynamic-sides": dynamic_sides,
    "two-inputs": two_inputs,
    "float16-input": float16_input,
    "channels-last": channels_last,
    "rank-two": rank_two,
    "custom-operator": custom_operator,
    "opset-99": lambda: model(*classifier(), opset=99),
    "ir-version-99": lambda: model(*classifier(), ir_version=99),
    "external-parent": lambda: external_data("../weights.bin"),
    "external-detour": lambda: external_data("a/../../weights.bin"),
    "external-etc": lambda: external_data("/etc/passwd"),
    "external-absolute": lambda: external_data("/proc/self/environ"),
    "external-missing": lambda: external_data("weights.bin"),
    "endless-loop": endless_loop,
    "slow": slow,
    "memory-bomb-2gb": lambda: memory_bomb(23_171),
    "memory-bomb": lambda: memory_bomb(32_768),
    "memory-bomb-4tb": lambda: memory_bomb(1_048_576),
    "memory-creep": memory_creep,
    "renamed-output": renamed_output,
    "wrong-class-count": lambda: wrong_class_count(4),
    "one-logit": lambda: wrong_class_count(1),
}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MODELS.items():
        (folder / f"{name}.onnx").write_bytes(make().SerializeToString())


if __name__ == "__main__":
    main()
