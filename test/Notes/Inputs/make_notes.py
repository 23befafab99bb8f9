"""Writes a folder laid out as the notes are, with other sizes.

usage: make_notes.py FOLDER VARIANT [FILE...]

The formulas are those that the notes' README tells, in float64. A variant is a
set of sizes that the notes do not have: see VARIANTS. All files but that of
recurrent layers are written, or those that are named.
"""

import math
import pathlib
import sys

import numpy as np

VARIANTS = {
    # One head, fewer keys than queries, odd sizes, windows of their own.
    "odd": dict(B=1, H=1, S=9, T=5, D=7, V=7, hidden=3, grouped=3, window=2, prefix=1,
                E=15, heads=5, X=(1, 9, 15), W=14, length=7, size=6, R=6, T5=(8, 1)),  # fmt: skip
    # One query behind many keys, as in a step of generation; many heads on few.
    "step": dict(B=3, H=2, S=1, T=37, D=64, V=32, hidden=20, grouped=8, window=16,
                 prefix=3, E=64, heads=1, X=(5, 1, 64), W=6, length=1, size=2, R=64,
                 T5=(32, 2)),  # fmt: skip
    # Longer than blocks and vectors. Smaller queries, because the scores times 300
    # would be thousands, which leaves float32 no digits for their differences.
    "long": dict(B=2, H=3, S=70, T=131, D=20, V=20, hidden=17, grouped=12, window=50,
                 prefix=40, E=48, heads=2, X=(3, 70, 48), W=100, length=300, size=34,
                 R=20, T5=(32, 5), q_scale=0.5),  # fmt: skip
}


def softmax(scores, axis=-1):
    """Rows of -inf throughout give zeros."""
    largest = scores.max(axis, keepdims=True)
    powers = np.exp(scores - np.where(np.isinf(largest), 0, largest))
    total = powers.sum(axis, keepdims=True)
    return powers / np.where(total == 0, 1, total)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return x / 2 * (1 + np.vectorize(math.erf)(x / 2**0.5))


class Maker:
    def __init__(self, variant):
        self.__dict__.update(VARIANTS[variant])
        self.random = np.random.default_rng(sum(map(ord, variant)))

    def normal(self, *shape, scale=1.0):
        """Numbers that float32 holds."""
        numbers = self.random.standard_normal(shape) * scale
        return numbers.astype(np.float32).astype(np.float64)

    def attention(self):
        B, H, S, T, D, V = self.B, self.H, self.S, self.T, self.D, self.V
        q = self.normal(B, H, S, D, scale=getattr(self, "q_scale", 1))
        k, v = self.normal(B, H, T, D), self.normal(B, H, T, V)
        out, given = {}, {"q": q, "k": k, "v": v}
        dot = q @ k.swapaxes(2, 3)
        scaled = dot / np.sqrt(D)

        def put(name, scores, seen=True):
            p = softmax(np.where(seen, scores, -np.inf))
            out[f"out_{name}"] = p @ v
            return p

        w = given["w_general"] = self.normal(H, D, D)
        wq = given["additive_wq"] = self.normal(H, D, self.hidden)
        wk = given["additive_wk"] = self.normal(H, D, self.hidden)
        va = given["additive_v"] = self.normal(H, self.hidden)
        norms = np.linalg.norm(q, axis=3)[..., None] * np.linalg.norm(k, axis=3)[:, :, None]
        both = (q @ wq)[:, :, :, None] + (k @ wk)[:, :, None]
        given["cosine_temperature"] = np.float32(4)
        scores = {
            "dot": dot,
            "scaled": scaled,
            "general": q @ w @ k.swapaxes(2, 3),
            "cosine": 4 * dot / norms,
            "additive": np.einsum("bhste,he->bhst", np.tanh(both), va),
        }
        for name, score in scores.items():
            out[f"out_weights_{name}"] = put(name, score)

        lengths = given["lengths"] = self.random.integers(0, T + 1, B)
        documents = given["documents"] = np.sort(self.random.integers(0, 3, (B, T)))
        i, j = np.arange(S)[:, None], np.arange(T)[None, :]
        end = i + T - S
        shown = (j < lengths[:, None, None])[:, None]
        own = documents[:, np.maximum(end[:, 0], 0)]
        same = (own[:, :, None] == documents[:, None]) & (end >= 0)
        masks = {
            "padding": shown,
            "causal_from_start": j <= i,
            "causal_to_end": j <= end,
            f"window{self.window}_to_end": (j <= end) & (j > end - self.window),
            f"prefix{self.prefix}_to_end": (j <= end) | (j < self.prefix),
            "document": same[:, None],
            "causal_and_padding": (j <= end) & shown,
            "dead_rows": shown & (i >= 2),
        }
        for name, seen in masks.items():
            put(f"mask_{name}", scaled, np.broadcast_to(seen, scaled.shape))
        slopes = given["alibi_slopes"] = np.abs(self.normal(H))
        put("alibi_causal", scaled - slopes[:, None, None] * (end - j), j <= end)
        given["softcap"] = np.float32(2)
        put("softcap", 2 * np.tanh(scaled / 2))
        bias = given["bias"] = self.normal(H, S, T)
        put("bias", scaled + bias)
        put("large", 300 * scaled)
        qg = given["q_grouped"] = self.normal(B, self.grouped, S, D)
        many = self.grouped // H
        kg, vg = k.repeat(many, axis=1), v.repeat(many, axis=1)
        out["out_grouped"] = softmax(qg @ kg.swapaxes(2, 3) / np.sqrt(D)) @ vg
        given["scale"] = np.float32(D**-0.5)
        return given, out

    def multi_head(self):
        B, S, T, E, H = self.B, self.S, self.T, self.E, self.heads
        x, memory = self.normal(B, S, E), self.normal(B, T, E)
        w, b = self.normal(3 * E, E, scale=E**-0.5), self.normal(3 * E)
        wo, bo = self.normal(E, E, scale=E**-0.5), self.normal(E)

        def heads(y):
            return y.reshape(B, -1, H, E // H).swapaxes(1, 2)

        def block(source, causal):
            q = heads(x @ w[:E].T + b[:E])
            k = heads(source @ w[E : 2 * E].T + b[E : 2 * E])
            v = heads(source @ w[2 * E :].T + b[2 * E :])
            scores = q @ k.swapaxes(2, 3) / np.sqrt(E // H)
            if causal:
                seen = np.tri(scores.shape[2], scores.shape[3], dtype=bool)
                scores = np.where(seen, scores, -np.inf)
            y = (softmax(scores) @ v).swapaxes(1, 2).reshape(x.shape)
            return y @ wo.T + bo

        given = {"x": x, "memory": memory, "heads": np.int64(H)}
        given |= {"w.in_proj_weight": w, "w.in_proj_bias": b}
        given |= {"w.out_proj.weight": wo, "w.out_proj.bias": bo}
        out = {"out_self": block(x, False), "out_cross": block(memory, False)}
        return given, out | {"out_masked": block(x, True)}

    def norms(self):
        F = self.X[-1]
        x, r = self.normal(*self.X), self.normal(*self.X)
        weight, bias, mean = self.normal(F), self.normal(F), self.normal(F)
        variance = np.abs(self.normal(F)) + 0.1
        variance = variance.astype(np.float32).astype(np.float64)
        w1, b1 = self.normal(F, self.W, scale=F**-0.5), self.normal(self.W)
        eps = 1e-5

        def norm(x, axes):
            centered = x - x.mean(axes, keepdims=True)
            return centered / np.sqrt((centered**2).mean(axes, keepdims=True) + eps)

        stored = (x - mean) / np.sqrt(variance + eps) * weight + bias
        h = x @ w1
        gate, up = h[..., : self.W // 2], h[..., self.W // 2 :]
        given = dict(x=x, eps=np.float32(eps), weight=weight, bias=bias, residual=r)
        given |= dict(running_mean=mean, running_var=variance, w1=w1, b1=b1)
        out = {
            "layer_norm": norm(x, -1) * weight + bias,
            "rms_norm": x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * weight,
            "batch_norm_features": stored,
            "batch_norm_batch_statistics": norm(x, (0, 1)) * weight + bias,
            "batch_norm_same_position": norm(x, 0) * weight + bias,
            "residual_layer_norm": norm(x + r, -1) * weight + bias,
            "batch_norm_then_linear": stored @ w1 + b1,
            "gelu_erf": gelu(x),
            "gelu_tanh": x / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))),
            "silu": x * sigmoid(x),
            "relu": np.maximum(x, 0),
            "sigmoid": sigmoid(x),
            "quick_gelu": x * sigmoid(1.702 * x),
            "swiglu": gate * sigmoid(gate) * up,
            "geglu": gelu(gate) * up,
            "softmax": softmax(x),
            "log_softmax": np.log(softmax(x)),
            "softmax_axis1": softmax(x, 1),
        }
        return given, {f"out_{name}": array for name, array in out.items()}

    def positions(self):
        L, size, D = self.length, self.size, self.R
        p, i = np.arange(L)[:, None], np.arange(size)
        angle = p / 10000 ** (2 * (i // 2) / size)
        x = self.normal(self.B, self.H, L, D)
        turn = p / 10000 ** (2 * np.arange(D // 2) / D)
        c, s = np.cos(turn), np.sin(turn)

        def rotate(a, b):
            return a * c - b * s, b * c + a * s

        half = np.concatenate(rotate(x[..., : D // 2], x[..., D // 2 :]), -1)
        pairs = np.stack(rotate(x[..., ::2], x[..., 1::2]), -1).reshape(x.shape)
        table = self.normal(*self.T5)

        def bucket(distance, buckets):
            """By comparing with where buckets begin, in whole numbers."""
            exact = buckets // 2
            rest = buckets - exact
            own = np.minimum(distance, exact)
            # Bucket exact + k begins where n^rest exact^k >= exact^rest 128^k.
            for k in range(1, rest):
                begins = [int(n) ** rest * exact**k >= exact**rest * 128**k
                          for n in distance.flat]  # fmt: skip
                own = own + np.reshape(begins, distance.shape)
            return own

        ahead = np.arange(L)[None, :] - p
        side = len(table) // 2
        both = bucket(abs(ahead), side) + np.where(ahead > 0, side, 0)
        causal = bucket(np.maximum(-ahead, 0), len(table))
        given = dict(length=np.int64(L), size=np.int64(size), x=x, t5_table=table)
        return given, {
            "out_sinusoidal": np.where(i % 2 == 0, np.sin(angle), np.cos(angle)),
            "out_made_up": np.tanh(0.1 * p) * np.cos(p / (1 + i)) + 1 / (1 + p + i),
            "out_rotary_half": half,
            "out_rotary_interleaved": pairs,
            "out_t5_bias": table[both].transpose(2, 0, 1),
            "out_t5_bias_causal": table[causal].transpose(2, 0, 1),
        }

    def recurrent(self):
        B, T, I, H = self.B, self.T, self.D, self.hidden
        x = self.normal(B, T, I)
        given, out = {"x": x, "h0": np.zeros((1, B, H))}, {}

        def layer(cell, x, w, u, b, c):
            h, cells, states = np.zeros((B, H)), np.zeros((B, H)), []
            for t in range(T):
                parts = np.split(x[:, t] @ w.T + b, len(w) // H, 1)
                old = np.split(h @ u.T + c, len(w) // H, 1)
                if cell == "rnn":
                    h = np.tanh(parts[0] + old[0])
                elif cell == "gru":
                    r, z = (sigmoid(parts[i] + old[i]) for i in range(2))
                    n = np.tanh(parts[2] + r * old[2])
                    h = (1 - z) * n + z * h
                else:
                    i, f, g, o = (a + d for a, d in zip(parts, old))
                    cells = sigmoid(f) * cells + sigmoid(i) * np.tanh(g)
                    h = sigmoid(o) * np.tanh(cells)
                states.append(h)
            return np.stack(states, 1)

        for name, gates in {"rnn_tanh": 1, "gru": 3, "lstm": 4}.items():
            for suffix, ends in {"": [""], "_bi": ["", "_reverse"]}.items():
                y, lasts = x, []
                for number in range(2):
                    both = []
                    for end in ends:
                        shapes = [(gates * H, y.shape[2]), (gates * H, H), (gates * H,)]
                        parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
                        values = [self.normal(*shapes[min(i, 2)], scale=H**-0.5)
                                  for i in range(4)]  # fmt: skip
                        for part, value in zip(parts, values):
                            given[f"w.{name}{suffix}.{part}_l{number}{end}"] = value
                        turn = slice(None, None, -1 if end else 1)
                        states = layer(name.split("_")[0], y[:, turn], *values)
                        lasts.append(states[:, -1])
                        both.append(states[:, turn])
                    y = np.concatenate(both, 2)
                out[f"out_{name}{suffix}"] = y
                out[f"out_state_{name}{suffix}"] = np.stack(lasts)
        more, results = self.encoder_decoder()
        return given | more, out | results

    def encoder_decoder(self):
        E, H, words = self.D, self.hidden, 11
        shapes = dict(emb=(words, E), We=(E, H), Ue=(H, H), be=(H,), Wd=(E, H), Ud=(H, H),
                      Cd=(H, H), bd=(H,), Wo=(H, words), Wy=(E, words), Wc=(H, words),
                      bo=(words,), Wa=(H, H))  # fmt: skip
        w = {name: self.normal(*shape, scale=H**-0.5) for name, shape in shapes.items()}
        source = self.random.integers(0, words, (self.B, self.T))
        target = self.random.integers(0, words, (self.B, self.S))
        h, states = np.zeros((self.B, H)), []
        for e in w["emb"][source].swapaxes(0, 1):
            h = np.tanh(e @ w["We"] + h @ w["Ue"] + w["be"])
            states.append(h)
        states = np.stack(states, 1)

        def attend(query):
            weights = softmax(np.einsum("bh,bth->bt", query, states))
            return np.einsum("bt,bth->bh", weights, states)

        queries = {
            "last": lambda h: states[:, -1],
            "mean": lambda h: states.mean(1),
            "max": lambda h: states.max(1),
            "attention_dot": attend,
            "attention_general": lambda h: attend(h @ w["Wa"]),
        }
        out = {"out_encoder_states": states}
        for name, query in queries.items():
            h, contexts, results = states[:, -1], [], []
            for e in w["emb"][target].swapaxes(0, 1):
                c = query(h)
                h = np.tanh(e @ w["Wd"] + h @ w["Ud"] + c @ w["Cd"] + w["bd"])
                y = h @ w["Wo"] + e @ w["Wy"] + c @ w["Wc"] + w["bo"]
                contexts.append(c)
                results.append(softmax(y))
            out[f"out_seq2seq_{name}"] = np.stack(results, 1)
            out[f"out_context_{name}"] = np.stack(contexts, 1)
        given = {f"w.seq2seq.{name}": array for name, array in w.items()}
        return given | {"source": source, "target_in": target}, out


FILES = ["attention", "multi_head", "norms", "positions"]


def main(folder, variant, *files):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for file in files or FILES:
        given, out = getattr(Maker(variant), file)()
        narrow = {
            name: array.astype(np.float32) if array.dtype.kind == "f" else array
            for name, array in given.items()
        }
        np.savez(folder / f"{file}.npz", **narrow, **out)


main(*sys.argv[1:])
