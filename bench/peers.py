"""The systems that the benchmark times, each behind the same three calls.

A system is made for a number of threads and a shape, checks nothing by itself,
and is called with arrays of token ids and a mask. Settings are the ones that are
known to be best for latency in their precision: see the comments.
"""

import contextlib
import io
import logging
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import openvino
import torch

import bert_onnx
from torch_bert import TorchBert

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
from compiled_model import CompiledModel  # noqa: E402


def name_inputs(ids, mask):
    """The inputs of the graph that bert_onnx.py writes."""
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": np.zeros_like(ids),
    }


class Sylvite:
    def __init__(self, files, threads, shape):
        self.model = CompiledModel(str(files.libraries[self.precision]))
        self.model.set_threads(threads)
        self.width = files.width

    def __call__(self, ids, mask):
        return self.model.embed(ids, mask, self.width)

    def close(self):
        self.model.close()


class SylviteF32(Sylvite):
    name, precision = "Sylvite", "f32"


class SylviteAvx2(Sylvite):
    """The same for processors without AVX-512."""

    name, precision = "Sylvite, only AVX2", "avx2"


class SylviteBf16(Sylvite):
    name, precision = "Sylvite bf16", "bf16"


class SylviteInt8(Sylvite):
    name, precision = "Sylvite int8", "int8"


class OnnxRuntime:
    """The graph as exported, with all of the session's own optimisations."""

    name = "ONNX Runtime"

    def __init__(self, files, threads, shape):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            self.find_model(files), options, providers=["CPUExecutionProvider"]
        )

    def find_model(self, files):
        return files.onnx

    def __call__(self, ids, mask):
        return self.session.run(None, name_inputs(ids, mask))[0]

    def close(self):
        self.session = None


class OnnxRuntimeFused(OnnxRuntime):
    """The same after ONNX Runtime's own optimizer for transformers."""

    name = "ONNX Runtime, its transformer optimizer"

    def find_model(self, files):
        return files.fused_onnx


class OnnxRuntimeInt8(OnnxRuntime):
    """Weights quantised ahead, activations in every call."""

    name = "ONNX Runtime int8, dynamic"

    def find_model(self, files):
        return files.int8_onnx


class OpenVino:
    """Latency hint, one stream. Without the precision hint it computes bf16."""

    name = "OpenVINO f32, dynamic"
    static = False
    hint = "f32"

    def __init__(self, files, threads, shape):
        core = openvino.Core()
        model = core.read_model(self.find_model(files))
        if self.static:
            model.reshape({name: list(shape) for name in
                           ("input_ids", "attention_mask", "token_type_ids")})
        compiled = core.compile_model(
            model,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": self.hint,
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": 1,
                "PERFORMANCE_HINT": "LATENCY",
            },
        )
        self.request = compiled.create_infer_request()

    def find_model(self, files):
        return files.onnx

    def __call__(self, ids, mask):
        return next(iter(self.request.infer(name_inputs(ids, mask)).values()))

    def close(self):
        self.request = None


class OpenVinoStatic(OpenVino):
    """Compiled for the one shape that is timed."""

    name = "OpenVINO f32, static"
    static = True


class OpenVinoBf16(OpenVino):
    name = "OpenVINO bf16, dynamic"
    hint = "bf16"


class OpenVinoBf16Static(OpenVinoStatic):
    name = "OpenVINO bf16, static"
    hint = "bf16"


class OpenVinoInt8(OpenVino):
    """Quantised by NNCF; what is left in floats is f32."""

    name = "OpenVINO int8 (NNCF), dynamic"

    def find_model(self, files):
        return files.int8_openvino


class OpenVinoInt8Static(OpenVinoInt8):
    name = "OpenVINO int8 (NNCF), static"
    static = True


class Torch:
    """PyTorch, one operator after the other (torch_bert.py)."""

    name = "PyTorch"
    dtype = torch.float32

    def __init__(self, files, threads, shape):
        torch.set_num_threads(threads)
        self.model = TorchBert(files.folder, files.config, self.dtype)

    def __call__(self, ids, mask):
        return self.model(ids, mask)

    def close(self):
        self.model = None


class TorchBf16(Torch):
    name = "PyTorch bf16"
    dtype = torch.bfloat16


# Ours first.
SYSTEMS = {
    "f32": [SylviteF32, SylviteAvx2, OnnxRuntime, OnnxRuntimeFused, OpenVino,
            OpenVinoStatic, Torch],
    "bf16": [SylviteBf16, OpenVinoBf16, OpenVinoBf16Static, TorchBf16],
    "int8": [SylviteInt8, OnnxRuntimeInt8, OpenVinoInt8, OpenVinoInt8Static],
}


CALIBRATION = 48  # samples that NNCF sees


def quantize_for_openvino(onnx_path, target, vocabulary):
    """Post-training quantisation as NNCF recommends it for transformers."""
    import nncf

    samples = []
    random = np.random.default_rng(5)
    for _ in range(CALIBRATION):
        ids = random.integers(1000, vocabulary, (1, int(random.integers(8, 129))))
        samples.append(name_inputs(ids, np.ones_like(ids)))
    model = openvino.Core().read_model(onnx_path)
    nncf.set_log_level(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()):
        quantized = nncf.quantize(
            model, nncf.Dataset(samples), model_type=nncf.ModelType.TRANSFORMER,
            subset_size=CALIBRATION,
        )
    openvino.save_model(quantized, target)


class Files:
    """What the systems load, made from one Hugging Face folder.

    LIBRARIES are ours, by precision: files of other systems are made for these.
    """

    def __init__(self, folder, work, libraries, config):
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from onnxruntime.transformers import optimizer

        self.folder, self.config = folder, config
        self.libraries = libraries
        self.width = config["hidden_size"]
        self.onnx = str(work / "peer.onnx")
        self.fused_onnx = str(work / "peer-fused.onnx")
        self.int8_onnx = str(work / "peer-int8.onnx")
        self.int8_openvino = str(work / "peer-int8.xml")
        bert_onnx.export(folder, self.onnx)
        fused = optimizer.optimize_model(
            self.onnx, model_type="bert", num_heads=config["num_attention_heads"],
            hidden_size=self.width, opt_level=0,
        )
        fused.save_model_to_file(self.fused_onnx)
        self.fused_attentions = fused.get_fused_operator_statistics()["Attention"]
        if "int8" in libraries:
            # The types of what operators of ONNX Runtime's own give are not
            # inferred.
            quantize_dynamic(
                self.fused_onnx, self.int8_onnx, weight_type=QuantType.QInt8,
                per_channel=True, op_types_to_quantize=["MatMul", "Attention"],
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
            quantize_for_openvino(self.onnx, self.int8_openvino, config["vocab_size"])
