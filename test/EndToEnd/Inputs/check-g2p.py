"""Words for a graph that tells how they are spoken, and what NumPy says of them.

usage: check-g2p.py prepare PACKAGE FOLDER
       check-g2p.py compare PACKAGE WORDS.npz COMPUTED.npz

PACKAGE is the folder of the Python package g2p_en. `prepare` writes the weights
of its checkpoint, words.npz with 500 words, and word.npz with a single one.
`compare` applies the formulas of the package's `predict` to each word alone, and
compares phonemes. Prints what differs and exits 1.
"""

import pathlib
import random
import sys

import numpy as np

import safetensors_file

LETTERS = ["<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz"]
BEGIN, END, MAX_PHONEMES = 2, 3, 20


def make_words(package):
    """300 words of the package's list of homographs, and 200 made-up ones, some
    with letters that the model does not know."""
    lines = (package / "homographs.en").read_text().splitlines()
    words = [line.split("|")[0].lower() for line in lines if line[:1].isalpha()][:300]
    chance = random.Random(20)
    starts = "b bl br c ch cl d dr f fl g gr h j k l m n p pl qu r s sh st str t th v w z"
    middles = "a ai au e ea ee i ie o oo ou u y"
    ends = "b ck d f g l ll m n nd ng nt p r rt s ss st t tch x ze"
    seen = set(words)
    while len(words) < 500:
        parts = [starts, middles, ends] * chance.randint(1, 4)
        word = "".join(chance.choice(part.split()) for part in parts)
        if chance.random() < 0.1:
            word += chance.choice(["'s", "é", "-"])
        if word not in seen:
            seen.add(word)
            words.append(word)
    return words


def encode(word):
    """Letters by their numbers, and an end."""
    known = [letter if letter in LETTERS else "<unk>" for letter in word]
    return [LETTERS.index(letter) for letter in [*known, "</s>"]]


def write_weights(path, arrays):
    header, data = {}, b""
    for name, array in arrays.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": offsets}
        data += array.tobytes()
    safetensors_file.write(path, header, data)


def write_words(path, words):
    rows = [encode(word) for word in words]
    letters = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for i, row in enumerate(rows):
        letters[i, : len(row)] = row
    np.savez(path, letters=letters, lengths=np.array([len(row) for row in rows]))


def prepare(package, folder):
    checkpoint = np.load(package / "checkpoint20.npz")
    write_weights(folder / "checkpoint.safetensors", dict(checkpoint))
    words = make_words(package)
    write_words(folder / "words.npz", words)
    write_words(folder / "word.npz", words[-1:])
    return 0


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(x, h, w, u, b, c):
    """One step of a GRU."""
    (xr, xz, xn), (hr, hz, hn) = np.split(x @ w.T + b, 3), np.split(h @ u.T + c, 3)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + r * hn) + z * h


def predict(model, letters):
    """Phonemes of one word, by their numbers."""
    weights = {
        side: [model[f"{side}_{name}"] for name in ("w_ih", "w_hh", "b_ih", "b_hh")]
        for side in ("enc", "dec")
    }
    h = np.zeros(weights["enc"][1].shape[1], np.float32)
    for letter in letters:
        h = step(model["enc_emb"][letter], h, *weights["enc"])
    phonemes, last = [], BEGIN
    while len(phonemes) < MAX_PHONEMES:
        h = step(model["dec_emb"][last], h, *weights["dec"])
        last = int((h @ model["fc_w"].T + model["fc_b"]).argmax())
        if last == END:
            break
        phonemes.append(last)
    return phonemes


def compare(package, words, computed):
    model = dict(np.load(package / "checkpoint20.npz"))
    given, results = np.load(words), np.load(computed)["phonemes"]
    if results.shape != (len(given["letters"]), MAX_PHONEMES):
        print(f"the shape is {results.shape}")
        return 1
    wrong, seen = 0, set()
    for letters, length, row in zip(given["letters"], given["lengths"], results):
        expected = predict(model, letters[:length])
        seen.add(tuple(expected))
        phonemes = row.tolist()
        if END in phonemes:
            phonemes = phonemes[: phonemes.index(END)]
        if phonemes != expected:
            word = "".join(LETTERS[letter] for letter in letters[: length - 1])
            print(f"{word}: {phonemes} instead of {expected}")
            wrong += 1
    print(f"{len(results)} words, {len(seen)} ways of speaking, {wrong} differ")
    return 1 if wrong else 0


def main(command, *arguments):
    paths = map(pathlib.Path, arguments)
    return prepare(*paths) if command == "prepare" else compare(*paths)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
