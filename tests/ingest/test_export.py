import json

import numpy as np
import pytest

from ingest.embed import OnnxEmbedder, SentenceTransformerEmbedder
from ingest.errors import ModelError
from ingest.export import LOWEST_COSINE, PROBES, exported_model
from ingest.graph import leave_masks_out, write_shapes_down
from ingest.settings import DEFAULT_MODEL
from ingest.weights import file_sha256

SENTENCES = [
    "Siponimod reduced the risk of confirmed disability progression in secondary progressive MS.",
    "Live vaccines are not given during treatment with ocrelizumab.",
    "A standing frame, used for 30 minutes three times a week, helped people to keep their balance.",
    "Infusion reactions occurred in 34% of people (p<0.001).",
    "Macular oedema can be seen by an eye doctor.",
    "walking",
    "The hazard ratio was 0.76; " * 60,
]
RANKINGS = [
    pytest.param(
        "Which drug slows primary progressive MS?",
        "Ocrelizumab slowed disability progression in people with primary progressive MS.",
        "Live vaccines are not given during treatment with ocrelizumab.",
        id="efficacy above vaccines",
    ),
    pytest.param(
        "What are the side effects on the liver?",
        "Liver enzymes rose in 4% of people.",
        "The hazard ratio for progression was 0.76.",
        id="liver above progression",
    ),
    pytest.param(
        "How can I keep my balance?",
        "A standing frame helped people to stay upright.",
        "The drug was approved in the EU in 2018.",
        id="standing above approval",
    ),
]


def attention(*, masked_by="Where"):
    """Softmax of scores under a mask with its NaNs mended, as torch writes it."""
    from onnx import helper

    nodes = [
        helper.make_node("Neg", ["question"], ["scores"]),
        helper.make_node(masked_by, ["seen", "zero", "hidden"], ["mask"]),
        helper.make_node("Add", ["scores", "mask"], ["masked"]),
        helper.make_node("Softmax", ["masked"], ["weights"]),
        helper.make_node("IsNaN", ["weights"], ["nan"]),
        helper.make_node("Where", ["nan", "zero", "weights"], ["mended"]),
        helper.make_node("Relu", ["mended"], ["out"]),
    ]
    inputs = [helper.make_tensor_value_info(name, 1, [2]) for name in ("question", "seen", "zero", "hidden")]
    return helper.make_graph(nodes, "attention", inputs, [helper.make_tensor_value_info("out", 1, [2])])


def test_masks_and_what_mends_them_are_left_out_of_attention():
    graph = attention()
    leave_masks_out(graph)
    assert [(node.op_type, list(node.input)) for node in graph.node] == [
        ("Neg", ["question"]),
        ("Softmax", ["scores"]),
        ("Relu", ["weights"]),
    ]


def test_what_is_added_to_scores_but_no_mask_stays():
    graph = attention(masked_by="Sum")
    leave_masks_out(graph)
    assert [node.op_type for node in graph.node][1:4] == ["Sum", "Add", "Softmax"]


def shaped(*computed):
    """A model of one text that reshapes its tokens, then these values, to shapes that are computed in the model."""
    from onnx import helper, numpy_helper

    nodes = [
        helper.make_node("Cast", ["input_ids"], ["tokens"], to=1),
        helper.make_node("Transpose", ["tokens"], ["column"]),
        helper.make_node("MatMul", ["column", "tokens"], ["square"]),
        helper.make_node("Shape", ["input_ids"], ["size"]),
        helper.make_node("Concat", ["size", "one"], ["apart"], axis=0),
        helper.make_node("Shape", ["square"], ["sides"]),
        helper.make_node("Reshape", ["tokens", "apart"], ["each token"]),
        helper.make_node("Reshape", ["square", "sides"], ["each pair"]),
        helper.make_node("Reshape", ["input_ids", "apart"], ["each id"]),
    ]
    inputs = [helper.make_tensor_value_info("input_ids", 7, [1, "token"])]
    outputs = [helper.make_tensor_value_info(name, 7 if name == "each id" else 1, None) for name in computed]
    one = numpy_helper.from_array(np.array([1], dtype=np.int64), "one")
    graph = helper.make_graph(nodes, "shaped", inputs, outputs, [one])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.mark.parametrize(("shown", "left"), [("each token", ["Cast", "Reshape"]), ("each id", ["Reshape"])])
def test_a_shape_that_follows_the_text_in_one_size_becomes_a_constant(shown, left):
    from onnx import numpy_helper

    model = shaped(shown)
    write_shapes_down(model)
    assert [node.op_type for node in model.graph.node] == left
    (shape,) = (one for one in model.graph.initializer if one.name == model.graph.node[-1].input[1])
    assert numpy_helper.to_array(shape).tolist() == [1, -1, 1]


def test_a_shape_that_follows_the_text_in_two_sizes_stays_computed():
    model = shaped("each pair")
    write_shapes_down(model)
    assert [node.op_type for node in model.graph.node] == ["Cast", "Transpose", "MatMul", "Shape", "Reshape"]


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def export(models_dir):
    """The real model, exported (some 20 seconds)."""
    folder, max_tokens = exported_model(DEFAULT_MODEL, models_dir)
    return OnnxEmbedder.open(folder, max_tokens=max_tokens)


@pytest.fixture(scope="module")
def reference():
    return SentenceTransformerEmbedder.open(DEFAULT_MODEL)


@pytest.fixture
def stored(tmp_path):
    """A stored export of the model `some/model`, too small to be a model but intact."""
    folder = tmp_path / "some_model-int8"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"weights")
    facts = {"sha256": file_sha256(folder / "model.onnx"), "max_tokens": 256}
    (folder / "export.json").write_text(json.dumps(facts))
    return folder


def test_a_stored_export_is_used_as_it_is(tmp_path, stored):
    assert exported_model("some/model", tmp_path) == (stored, 256)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("model.onnx", b"other weights", id="other weights"),
        pytest.param("export.json", b"{", id="facts truncated"),
        pytest.param("export.json", b"{}", id="facts missing"),
        pytest.param("export.json", b"[]", id="facts of a list"),
    ],
)
def test_an_altered_export_is_refused_with_its_remedy(tmp_path, stored, name, content):
    (stored / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{stored} is damaged\. Delete that folder"):
        exported_model("some/model", tmp_path)


def test_an_export_without_its_weights_is_refused_with_its_remedy(tmp_path, stored):
    (stored / "model.onnx").unlink()
    with pytest.raises(ModelError, match="Delete that folder"):
        exported_model("some/model", tmp_path)


def test_the_sentences_here_are_not_the_probes_of_the_export():
    assert not set(SENTENCES) & set(PROBES)


@pytest.mark.models
def test_the_export_places_sentences_where_the_reference_does(export, reference):
    cosines = np.sum(export.encode(SENTENCES) * reference.encode(SENTENCES), axis=1)
    assert cosines.min() > LOWEST_COSINE


@pytest.mark.models
def test_vectors_have_unit_length(export, reference):
    for embedder in (export, reference):
        vectors = embedder.encode(SENTENCES)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.models
def test_a_text_has_the_same_vector_in_any_batch(export):
    alone = np.stack([export.encode([sentence])[0] for sentence in SENTENCES])
    assert np.array_equal(export.encode(SENTENCES), alone)
    assert np.array_equal(export.encode(SENTENCES[::-1] * 3)[: len(SENTENCES)], alone[::-1])


@pytest.mark.models
def test_both_count_the_same_tokens(export, reference):
    counted = [export.count_tokens(sentence) for sentence in SENTENCES]
    assert counted == [reference.count_tokens(sentence) for sentence in SENTENCES]
    assert counted[-1] > export.max_tokens == reference.max_tokens


@pytest.mark.models
def test_a_common_word_ranks_before_a_rare_one_and_an_unknown_one_not_at_all(export, reference):
    for embedder in (export, reference):
        assert embedder.vocabulary_rank("the") < embedder.vocabulary_rank("disease")
        assert embedder.vocabulary_rank("ocrelizumab") is None


@pytest.mark.models
@pytest.mark.usefixtures("export")
def test_an_export_masks_nothing_and_computes_few_shapes(models_dir):
    import onnx

    kinds = [node.op_type for node in onnx.load(models_dir / f"{DEFAULT_MODEL}-int8" / "model.onnx").graph.node]
    assert kinds.count("Softmax") == 6
    assert "IsNaN" not in kinds
    assert kinds.count("Concat") < 6


@pytest.mark.models
def test_no_text_gives_no_vectors(export):
    assert len(export.encode([])) == 0


@pytest.mark.models
@pytest.mark.parametrize(("question", "right", "wrong"), RANKINGS)
def test_the_right_sentence_is_nearer_than_the_wrong_one(export, question, right, wrong):
    vectors = export.encode([question, right, wrong])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.models
def test_what_was_exported_is_used_again(export, models_dir):
    (facts,) = models_dir.glob("*/export.json")
    written = facts.stat().st_mtime_ns
    assert exported_model(DEFAULT_MODEL, models_dir) == (facts.parent, export.max_tokens)
    assert facts.stat().st_mtime_ns == written


@pytest.mark.models
def test_an_export_leaves_no_scratch_files(export, models_dir):
    assert [path.name for path in models_dir.iterdir()] == [f"{DEFAULT_MODEL}-int8"]
    assert export.max_tokens == 256


@pytest.mark.models
def test_a_model_that_cannot_be_found_is_told_with_its_remedy(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"cannot be loaded.*Check the name, or give a folder"):
        exported_model(str(tmp_path / "empty"), tmp_path / "models")
