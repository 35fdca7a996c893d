"""What an exported model need not compute: masks of padding that is not there, and shapes that are known."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

LENGTHS = (7, 11)  # tokens of two texts: a size of a shape that differs between them follows the text's length


def leave_masks_out(graph: Any) -> None:
    """In an ONNX graph, have every softmax over attention take the scores without a mask, and nothing mend its NaNs.

    Both are what a mask needs that leaves nothing to look at: Add(scores, Where(mask)) before the softmax,
    Where(IsNaN(weights), 0, weights) behind it. What is no longer used goes as well.
    """
    makers = {name: node for node in graph.node for name in node.output}
    mended = {node.input[2]: node.output[0] for node in graph.node if node.op_type == "Where"}
    instead: dict[str, str] = {}
    for softmax in (node for node in graph.node if node.op_type == "Softmax"):
        masked = makers.get(softmax.input[0])
        if masked is None or masked.op_type != "Add":
            continue
        scores = [name for name in masked.input if name in makers and makers[name].op_type != "Where"]
        if len(scores) == 1:
            softmax.input[0] = scores[0]
            if softmax.output[0] in mended:
                instead[mended[softmax.output[0]]] = softmax.output[0]
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = instead.get(name, name)
    _leave_unused_out(graph)


def write_shapes_down(model: Any) -> None:
    """In an ONNX model of one text a call, have every Reshape take its shape from a constant.

    More than a third of the operations of a transformer that torch exports only compute such shapes. One size may
    follow the text's length; a Reshape with two of them keeps what it has.
    """
    from onnx import numpy_helper

    graph = model.graph
    constant = {one.name for one in graph.initializer} | {
        name for node in graph.node if node.op_type == "Constant" for name in node.output
    }
    reshapes = [node for node in graph.node if node.op_type == "Reshape" and node.input[1] not in constant]
    short, long = (_shapes(model, [node.output[0] for node in reshapes], tokens) for tokens in LENGTHS)
    for node, *seen in zip(reshapes, short, long, strict=True):
        sizes = [one if one == other else -1 for one, other in zip(*seen, strict=True)]
        if sizes.count(-1) <= 1:
            node.input[1] = f"{node.output[0]}_shape"
            graph.initializer.append(numpy_helper.from_array(np.array(sizes, dtype=np.int64), node.input[1]))
    _leave_unused_out(graph)


def _shapes(model: Any, names: Iterable[str], tokens: int) -> list[Sequence[int]]:
    """The shapes of values inside a model for one text of so many tokens."""
    import onnxruntime
    from onnx import ModelProto, ValueInfoProto

    asked = ModelProto()
    asked.CopyFrom(model)
    asked.graph.output.extend(ValueInfoProto(name=name) for name in names)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(asked.SerializeToString(), options, providers=["CPUExecutionProvider"])
    row = np.arange(tokens, dtype=np.int64)[None]
    given = {one.name: np.ones_like(row) if "mask" in one.name else row for one in session.get_inputs()}
    return [value.shape for value in session.run(None, given)[len(model.graph.output) :]]


def _leave_unused_out(graph: Any) -> None:
    while True:
        used = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
        unused = [node for node in graph.node if not used.intersection(node.output)]
        if not unused:
            return
        for node in unused:
            graph.node.remove(node)
