"""Recurrent layers, and encoder-decoders with every summary of the source."""

import re

import numpy as np

from case import Case
from ir import function, tensor

FILES = "recurrent.npz"
QUERIES = ["last", "mean", "max", "attention_dot", "attention_general"]


class Body:
    """Lines of one function. Values are names, whose dims are known."""

    def __init__(self, notes):
        self.notes, self.lines, self.count = notes, [], 0
        self.dims, self.elements, self.weights = {}, {}, {}
        # Types by name, and lines of weights.
        self.inputs, self.first = {}, []

    def type(self, value):
        return tensor(*self.dims[value], element=self.elements.get(value, "f32"))

    def value(self, name, dims, element="f32"):
        self.dims[name], self.elements[name] = tuple(dims), element
        return name

    def input(self, name, *dims, element="f32"):
        value = self.value(f"%{name}", dims, element)
        self.inputs[name] = self.type(value)
        return value

    def new(self, dims):
        self.count += 1
        return self.value(f"%v{self.count}", dims)

    def weight(self, key):
        name = "%" + key.replace(".", "_")
        if name not in self.dims:
            array = self.weights[key] = self.notes[f"w.{key}"]
            self.value(name, array.shape)
            self.first.append(f'{name} = graph.weight "{key}" : {self.type(name)}')
        return name

    def op(self, name, operands, dims, clauses=""):
        result = self.new(dims)
        types = ", ".join(map(self.type, operands))
        self.lines.append(
            f"{result} = graph.{name} {', '.join(operands)} {clauses}"
            f" : ({types}) -> {self.type(result)}"
        )
        return result

    def unary(self, name, x, clauses=""):
        result = self.new(self.dims[x])
        self.lines.append(f"{result} = graph.{name} {x} {clauses} : {self.type(x)}")
        return result

    def binary(self, name, a, b):
        return self.op(name, [a, b], max(self.dims[a], self.dims[b], key=len))

    def matmul(self, x, w, *, transposed=False):
        """x [..., in] times [in, out], or what is the other way round."""
        out = self.dims[w][-2 if transposed else -1]
        clauses = "{transpose_rhs}" if transposed else ""
        return self.op("matmul", [x, w], (*self.dims[x][:-1], out), clauses)

    def reshape(self, x, *dims, name="reshape"):
        result = self.new(dims)
        types = f"{self.type(x)} to {self.type(result)}"
        self.lines.append(f"{result} = graph.{name} {x} : {types}")
        return result

    def zeros(self, *dims):
        zero = self.new(())
        self.lines.append(f"{zero} = graph.constant dense<0.0> : {self.type(zero)}")
        return self.reshape(zero, *dims, name="broadcast")

    def split(self, x, parts):
        """Equal parts along the last axis."""
        *dims, whole = self.dims[x]
        size, axis = whole // parts, len(dims)
        places = [f"axis({axis}) [{i * size}, {(i + 1) * size}]" for i in range(parts)]
        return [self.op("slice", [x], (*dims, size), place) for place in places]

    def concat(self, values, axis):
        dims = list(self.dims[values[0]])
        dims[axis] = sum(self.dims[value][axis] for value in values)
        if len(values) == 1:
            return values[0]
        return self.op("concat", values, dims, f"axis({axis})")

    def scan(self, inits, sequences, step, *, reverse=False):
        """Last carried values and what is emitted. `step` takes lists of carried
        values and elements, and gives what to carry and what to emit."""
        outer, self.lines = self.lines, []
        number = self.value(f"%t{len(outer)}", (), "i64")
        carried = [self.new(self.dims[init]) for init in inits]
        batch_and_rest = [(d[0], *d[2:]) for d in map(self.dims.get, sequences)]
        elements = [self.new(dims) for dims in batch_and_rest]
        carry, emit = step(carried, elements)
        arguments = ", ".join(f"{v}: {self.type(v)}" for v in [number, *carried, *elements])

        def listed(word, values):
            types = ", ".join(map(self.type, values))
            return f"{word}({', '.join(values)} : {types})" if values else ""

        inner, self.lines = self.lines, outer
        _, time, *_ = self.dims[sequences[0]]
        results = [self.new(self.dims[init]) for init in inits]
        for value in emit:
            batch, *rest = self.dims[value]
            results.append(self.new((batch, time, *rest)))
        given = ", ".join(map(self.type, [*inits, *sequences]))
        types = ", ".join(map(self.type, results))
        self.lines += [
            f"{', '.join(results)} = graph.scan carry({', '.join(inits)}) "
            f"over({', '.join(sequences)}) axis(1){' reverse' if reverse else ''} {{",
            f"^bb0({arguments}):",
            *(f"  {line}" for line in inner),
            f"  graph.next {listed('carry', carry)} {listed('emit', emit)}",
            f"}} : ({given}) -> ({types})",
        ]
        return results

    def function(self, name, outputs):
        """The text, with outputs by their names."""
        body = "\n".join(f"  {line}" for line in [*self.first, *self.lines])
        types = {name: self.type(value) for name, value in outputs.items()}
        for output, value in outputs.items():
            body = re.sub(rf"{value}\b", f"%{output}", body)
        return function(name, self.inputs, types, body)


#===------------------------------------------------------------------------===#
# Layers
#===------------------------------------------------------------------------===#


def step_rnn(b, row, state, h):
    return [b.unary("tanh", b.binary("add", row, state))]


def step_gru(b, row, state, h):
    """As PyTorch reads it: the reset gate comes behind the product."""
    (xr, xz, xn), (hr, hz, hn) = b.split(row, 3), b.split(state, 3)
    r = b.unary("sigmoid", b.binary("add", xr, hr))
    z = b.unary("sigmoid", b.binary("add", xz, hz))
    n = b.unary("tanh", b.binary("add", xn, b.binary("mul", r, hn)))
    return [b.binary("add", n, b.binary("mul", z, b.binary("sub", h, n)))]


def step_lstm(b, row, state, h, cell):
    i, f, g, o = b.split(b.binary("add", row, state), 4)
    i, f, o = (b.unary("sigmoid", gate) for gate in (i, f, o))
    new = b.binary("mul", i, b.unary("tanh", g))
    cell = b.binary("add", b.binary("mul", f, cell), new)
    return [b.binary("mul", o, b.unary("tanh", cell)), cell]


STEPS = {"rnn": step_rnn, "gru": step_gru, "lstm": step_lstm}


class Layers:
    """The layers of one stack of the notes."""

    def __init__(self, notes, name):
        self.name, self.cell = name, name.split("_")[0]
        self.bi = f"w.{name}.weight_ih_l0_reverse" in notes
        self.ends = ["", "_reverse"] if self.bi else [""]
        self.count = sum(bool(re.fullmatch(rf"w\.{name}\.weight_ih_l\d+", k))
                         for k in notes)  # fmt: skip

    def by_ops(self, b, x):
        """graph.rnn, graph.gru, graph.lstm; the last states of all layers."""
        lasts = []
        for layer in range(self.count):
            parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
            operands = [x] + [
                b.concat([b.weight(f"{self.name}.{p}_l{layer}{e}") for e in self.ends], 0)
                for p in parts
            ]
            batch, time, _ = b.dims[x]
            hidden = b.dims[operands[2]][1] * len(self.ends)
            states, last = b.new((batch, time, hidden)), b.new((batch, hidden))
            results = [states, last]
            if self.cell == "lstm":
                results.append(b.new((batch, hidden)))
            _, w, u, bias, other = operands
            clauses = "direction(both) " if self.bi else ""
            clauses += "reset_after " if self.cell == "gru" else ""
            b.lines.append(
                f"{', '.join(results)} = graph.{self.cell} {x}, {w}, {u} bias({bias}) "
                f"recurrent_bias({other}) {clauses}{{transpose_weights}} "
                f": ({', '.join(map(b.type, operands))}) "
                f"-> ({', '.join(map(b.type, results))})"
            )
            x = states
            size = hidden // len(self.ends)
            lasts += b.split(last, 2) if self.bi else [last]
        return x, b.concat([b.reshape(last, 1, batch, size) for last in lasts], 0)

    def by_scans(self, b, x):
        """The same with loops of plain ops."""
        lasts = []
        for layer in range(self.count):
            states = []
            for end in self.ends:
                get = lambda part: b.weight(f"{self.name}.{part}_l{layer}{end}")
                rows = b.matmul(x, get("weight_ih"), transposed=True)
                rows = b.binary("add", rows, get("bias_ih"))
                u, bias = get("weight_hh"), get("bias_hh")
                zeros = b.zeros(b.dims[x][0], b.dims[u][1])

                def step(carried, elements):
                    state = b.matmul(carried[0], u, transposed=True)
                    state = b.binary("add", state, bias)
                    new = STEPS[self.cell](b, *elements, state, *carried)
                    return new, new[:1]

                inits = [zeros] * (2 if self.cell == "lstm" else 1)
                results = b.scan(inits, [rows], step, reverse=bool(end))
                states.append(results[-1])
                lasts.append(b.reshape(results[0], 1, *b.dims[zeros]))
            x = b.concat(states, 2)
        return x, b.concat(lasts, 0)


def layer_cases(notes):
    names = {k.split(".")[1] for k in notes.files if re.match(r"w\..*\.weight_ih_l0$", k)}
    for name in sorted(names):
        layers = Layers(notes, name)
        for prefix, write in {"": layers.by_ops, "scan_": layers.by_scans}.items():
            b = Body(notes)
            x = b.input("x", "batch", "seq", notes["x"].shape[2])
            y, state = write(b, x)
            yield Case(
                prefix + name,
                {"x": notes["x"]},
                {"y": f"out_{name}", "state": f"out_state_{name}"},
                text=b.function(prefix + name, {"y": y, "state": state}),
                graph=prefix + name,
                weights=b.weights,
                unit=prefix + "layers",
            )


#===------------------------------------------------------------------------===#
# Encoder and decoder
#===------------------------------------------------------------------------===#


def encode(b, x):
    """All states and the last one of h_t = tanh(x_t We + h_{t-1} Ue + be)."""
    batch, time, _ = b.dims[x]
    w, u, bias = (b.weight(f"seq2seq.{name}") for name in ("We", "Ue", "be"))
    hidden = b.dims[u][0]
    states, last = b.new((batch, time, hidden)), b.new((batch, hidden))
    types = ", ".join(map(b.type, (x, w, u, bias)))
    b.lines.append(
        f"{states}, {last} = graph.rnn {x}, {w}, {u} bias({bias}) "
        f": ({types}) -> ({b.type(states)}, {b.type(last)})"
    )
    return states, last


def attend(b, query, h, states):
    """The encoder's states by their score with the decoder's."""
    batch, hidden = b.dims[h]
    _, time, _ = b.dims[states]
    if query == "attention_general":
        h = b.matmul(h, b.weight("seq2seq.Wa"))
    row = b.reshape(h, batch, 1, hidden)
    scores = b.op("matmul", [row, states], (batch, 1, time), "{transpose_rhs}")
    weights = b.unary("softmax", scores, "axis(2)")
    context = b.op("matmul", [weights, states], (batch, 1, hidden))
    return b.reshape(context, batch, hidden)


def summarise(b, query, states, last):
    """One context for all outputs."""
    if query == "last":
        return last
    return b.op(f"reduce {query}", [states], b.dims[last], "axes [1]")


def seq2seq(notes, query):
    b = Body(notes)
    source = b.input("source", "batch", "seq", element="i64")
    target = b.input("target_in", "batch", "target", element="i64")
    table = b.weight("seq2seq.emb")
    size = b.dims[table][1]
    states, last = encode(b, b.op("embedding", [table, source], ("batch", "seq", size)))
    inputs = b.op("embedding", [table, target], ("batch", "target", size))
    fixed = None if "attention" in query else summarise(b, query, states, last)
    weight = lambda name: b.weight(f"seq2seq.{name}")

    def step(carried, elements):
        (h,), (e,) = carried, elements
        c = fixed or attend(b, query, h, states)

        def layer(h, names, bias):
            parts = [b.matmul(x, weight(name)) for x, name in zip((e, h, c), names)]
            total = b.binary("add", b.binary("add", parts[0], parts[1]), parts[2])
            return b.binary("add", total, weight(bias))

        h = b.unary("tanh", layer(h, ["Wd", "Ud", "Cd"], "bd"))
        y = b.unary("softmax", layer(h, ["Wy", "Wo", "Wc"], "bo"), "axis(1)")
        return [h], [y, c]

    _, y, context = b.scan([last], [inputs], step)
    name = f"seq2seq_{query}"
    return Case(
        name,
        {"source": notes["source"], "target_in": notes["target_in"]},
        {"y": f"out_{name}", "c": f"out_context_{query}"},
        text=b.function(name, {"y": y, "c": context}),
        graph=name,
        weights=b.weights,
        unit="seq2seq",
    )


def encoder(notes):
    b = Body(notes)
    source = b.input("source", "batch", "seq", element="i64")
    table = b.weight("seq2seq.emb")
    x = b.op("embedding", [table, source], ("batch", "seq", b.dims[table][1]))
    states, _ = encode(b, x)
    return Case(
        "encoder",
        {"source": notes["source"]},
        {"states": "out_encoder_states"},
        text=b.function("encoder", {"states": states}),
        graph="encoder",
        weights=b.weights,
        unit="seq2seq",
    )


def cases(file):
    notes = np.load(file)
    yield from layer_cases(notes)
    yield encoder(notes)
    for query in QUERIES:
        yield seq2seq(notes, query)
