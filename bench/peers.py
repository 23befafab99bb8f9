"""The systems that the benchmark times, each behind the same three calls.

A system is made for a number of threads and a shape, checks nothing by itself,
and is called with arrays of token ids and a mask. Settings are the ones that are
known to be best for f32 latency: see the comments.
"""

import pathlib
import sys

import numpy as np
import onnxruntime
import openvino

import bert_onnx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
from compiled_model import CompiledModel  # noqa: E402


class Sylvite:
    name = "Sylvite"

    def __init__(self, files, threads, shape):
        self.model = CompiledModel(str(files.library))
        self.model.set_threads(threads)
        self.width = files.width

    def __call__(self, ids, mask):
        return self.model.embed(ids, mask, self.width)

    def close(self):
        self.model.close()


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
        inputs = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        return self.session.run(None, inputs)[0]

    def close(self):
        self.session = None


class OnnxRuntimeFused(OnnxRuntime):
    """The same after ONNX Runtime's own optimizer for transformers."""

    name = "ONNX Runtime, its transformer optimizer"

    def find_model(self, files):
        return files.fused_onnx


class OpenVino:
    """Latency hint, one stream. Without the precision hint it computes bf16."""

    name = "OpenVINO f32, dynamic"
    static = False

    def __init__(self, files, threads, shape):
        core = openvino.Core()
        model = core.read_model(files.onnx)
        if self.static:
            model.reshape({name: list(shape) for name in
                           ("input_ids", "attention_mask", "token_type_ids")})
        compiled = core.compile_model(
            model,
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": 1,
                "PERFORMANCE_HINT": "LATENCY",
            },
        )
        self.request = compiled.create_infer_request()

    def __call__(self, ids, mask):
        inputs = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        return next(iter(self.request.infer(inputs).values()))

    def close(self):
        self.request = None


class OpenVinoStatic(OpenVino):
    """Compiled for the one shape that is timed."""

    name = "OpenVINO f32, static"
    static = True


SYSTEMS = [Sylvite, OnnxRuntime, OnnxRuntimeFused, OpenVino, OpenVinoStatic]


class Files:
    """What the systems load, made from one Hugging Face folder."""

    def __init__(self, folder, work, library, width, heads):
        from onnxruntime.transformers import optimizer

        self.library = library
        self.width = width
        self.onnx = str(work / "peer.onnx")
        self.fused_onnx = str(work / "peer-fused.onnx")
        bert_onnx.export(folder, self.onnx)
        fused = optimizer.optimize_model(
            self.onnx, model_type="bert", num_heads=heads, hidden_size=width,
            opt_level=0,
        )
        fused.save_model_to_file(self.fused_onnx)
        self.fused_attentions = fused.get_fused_operator_statistics()["Attention"]
