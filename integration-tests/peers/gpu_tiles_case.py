"""What the programs of gpu_tiles.py share: network, sizes, FLOPs, the kernel in float64, and how a result is reported.

Network: I-W-W-W-O with ReLU in NTK parametrisation, layers l = 0 .. 3,

    z_l = a_l W_l / sqrt(fan_in_l) + b_l,    a_0 = x,    a_{l+1} = relu(z_l),    I, W = 784, 1024

Kernel, the mean over O outputs (trace): K_ij = (1/O) sum_o <df_o(x_i)/dtheta, df_o(x_j)/dtheta>. In factor form

    O K = sum_l (A_l B_l^T / fan_in_l + 1) o (D_l E_l^T)        (o: entry by entry)

with A_l [n, fan_in_l] the inputs of layer l for the rows and B_l [m, fan_in_l] for the columns; D_l [n, O W] the
derivatives of all outputs by z_l side by side, E_l [m, O W] likewise. Those by z_3, the outputs themselves, are a unit
matrix for each sample, so that D_3 E_3^T is O everywhere: no product is formed for it.

FLOPs of a tile of n x m: 2 n m (sum of the inner extents of the products that are formed) = 2 n m (I + 3 W + 3 O W).
Additions, scales and entry-by-entry products do not count, nor do network passes.

A worker prints a JSON object a line: {"versions": ...}, {"check": ...} or a row with seconds, and

    teraflops          FLOPs of the tile (or product) / seconds / 1e12
    entries_per_second n m / seconds, for programs that start from samples and run the network passes themselves
    error              max |found - reference| / max |reference| over the corner that is compared
    repeats, calls     loops of which `seconds` is the median, and calls in a loop; least and most: the extreme loops
    compile_seconds    compilation, which does not count
"""

import argparse
import json
import sys

import numpy as np

CORNER = 64  # rows and columns of a tile that are compared
CHECK_BOUND = 1e-12  # of an error in float64
# Errors above these are not of rounding. Whole networks in float: a ReLU may take the other side at 0.
ERROR_BOUNDS = {"fp32": 1e-4, "bf16->fp32": 1e-4, "tf32": 1e-2}
NETWORK_BOUND = 5e-2
CHECK_WIDTHS = [7, 16, 16, 16]  # for the check, with 1 and 3 outputs, 6 rows and 4 columns


class Size:
    def __init__(self, inputs, width, samples, product):
        self.inputs, self.width = inputs, width
        self.samples = samples  # n = m of the tiles in factor form
        self.product = product  # n of the plain products n x n x n
        self.extents = [inputs, width, width, width]
        self.scales = [1.0 / fan_in for fan_in in self.extents]

    def widths(self, outputs):
        return [self.inputs, self.width, self.width, self.width, outputs]

    def flops(self, n, m, outputs):
        return 2.0 * n * m * (sum(self.extents) + 3 * outputs * self.width)


FULL = Size(784, 1024, [8192, 2048], 8192)
SMALL = Size(12, 32, [128, 64], 256)
OUTPUTS = [10, 1]
PRECISIONS = {"bf16": "bf16->fp32", "tf32": "tf32", "fp32": "fp32"}  # of products, and how they are called in a row


def network(widths, seed=11):
    """Weights [fan_in, fan_out] and biases of every layer, float64."""
    random = np.random.default_rng(seed)
    return [
        (random.standard_normal((before, after)) * 2**0.5, random.standard_normal(after) * 0.1)
        for before, after in zip(widths, widths[1:])
    ]


def factors(weights, x):
    """A_l and D_l of all layers in float64, by hand: forward, then the derivatives of every output backward."""
    weights = [(np.asarray(w, np.float64), np.asarray(b, np.float64)) for w, b in weights]
    inputs, z = [np.asarray(x, np.float64)], []
    for layer, (w, b) in enumerate(weights):
        z.append(inputs[-1] @ w / np.sqrt(w.shape[0]) + b)
        if layer < len(weights) - 1:
            inputs.append(np.maximum(z[-1], 0))
    outputs = z[-1].shape[1]
    d = np.broadcast_to(np.eye(outputs), (len(x), outputs, outputs))
    derivatives = [d.reshape(len(x), -1)]
    for layer in range(len(weights) - 2, -1, -1):
        w = weights[layer + 1][0]
        d = (d @ w.T) / np.sqrt(w.shape[0]) * (z[layer] > 0)[:, None, :]
        derivatives.insert(0, d.reshape(len(x), -1))
    return inputs, derivatives


def tile(a, b, d, e, outputs, scales):
    """The factor form from three pairs D_l, E_l (the fourth product is the constant), in numpy as the factors are."""
    k = (a[3] @ b[3].T * scales[3] + 1) * outputs
    for layer in range(3):
        k = k + (a[layer] @ b[layer].T * scales[layer] + 1) * (d[layer] @ e[layer].T)
    return k / outputs


def kernel(weights, x1, x2):
    """K of a network in factor form, float64: the reference of what starts from samples."""
    (a, d), (b, e) = factors(weights, x1), factors(weights, x2)
    outputs = weights[-1][0].shape[1]
    assert (d[3] @ e[3].T == outputs).all(), "the last product of derivatives must be the constant O"
    return tile(a, b, d, e, outputs, [1.0 / layer.shape[1] for layer in a])


def check_cases():
    """outputs, weights, samples of the rows, samples of the columns."""
    for outputs in (1, 3):
        random = np.random.default_rng(1)
        yield (
            outputs, network(CHECK_WIDTHS + [outputs]), random.standard_normal((6, CHECK_WIDTHS[0])),
            random.standard_normal((4, CHECK_WIDTHS[0])))


def relative_error(found, reference):
    found, reference = np.asarray(found, np.float64), np.asarray(reference, np.float64)
    return float(np.abs(found - reference).max() / np.abs(reference).max())


def emit(**fields):
    print(json.dumps(fields), flush=True)


def check(name, found, reference):
    """Ends the program where a formula is wrong. Both have to be in float64."""
    found, reference = np.asarray(found), np.asarray(reference)
    if found.dtype != np.float64 or reference.dtype != np.float64 or found.shape != reference.shape:
        sys.exit(f"CHECK FAILED: {name}: {found.dtype} {found.shape} against {reference.dtype} {reference.shape}")
    error = relative_error(found, reference)
    if not error < CHECK_BOUND:
        sys.exit(f"CHECK FAILED: {name}: error {error:.1e}, allowed {CHECK_BOUND:.0e}")
    emit(check=name, error=error)


def attempt(measure, name, precision, outputs, n):
    """Prints the row that measure() returns. A failure (no memory, mostly) is printed instead; the others go on."""
    row = {"name": name, "precision": precision, "outputs": outputs, "n": n}
    try:
        row.update(measure())
        bound = NETWORK_BOUND if "entries_per_second" in row else ERROR_BOUNDS.get(precision)
        if "error" in row and not row["error"] < bound:
            row["failed"] = f"error {row['error']:.1e}, allowed {bound:.0e}"
    except Exception as failure:
        text = f"{type(failure).__name__}: {failure}".strip()
        row["failed"] = text if len(text) < 400 else f"{text[:300]} ... {text[-90:]}"
    emit(**row)


def work(versions, check_all, measure_all):
    """The command line of a worker: check or measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["check", "measure"])
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    if options.what == "check":
        emit(versions=versions())
        check_all()
    else:
        measure_all(SMALL if options.small else FULL)
