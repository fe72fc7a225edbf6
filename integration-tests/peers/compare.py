"""Times derivatives by Tangents and by PyTorch (torch.func) on the same networks and data, by turns.

    python integration-tests/peers/compare.py [--rounds 3] [--only NAME] [--readme]

Needs torch and numpy, and job/bin/tangents built. Both use one thread, float32, the CPU. The networks are written as
model.json with npy files; the batch is made from the formula that `tangents bench model` states. For each quantity the
sum and the Euclidean norm of all numbers must agree. --readme puts the table into the README beside this file.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap  # noqa: F401

HERE = Path(__file__).resolve().parent
TANGENTS = HERE.parent.parent / "job" / "bin" / "tangents"
FEATURES = 512
LIMIT = 1 << 30  # bytes; as in `tangents bench model`
SIGNS_LIMIT = 4 << 30
MARK = "<!-- table -->"

# name: widths, activation, activation after the last layer, batch
NETWORKS = {
    "S1, 2-256-256-2 tanh": ([2, 256, 256, 2], "tanh", False, 4096),
    "S1, 2-5-5-2 tanh": ([2, 5, 5, 2], "tanh", False, 4096),
    "784-1024-1024-10 relu": ([784, 1024, 1024, 10], "relu", False, 64),
    "64-256-256-1 tanh": ([64, 256, 256, 1], "tanh", False, 64),
    "64-256-256-10 tanh": ([64, 256, 256, 10], "tanh", False, 64),
    "S3, tanh(W x + b), 33 x 31": ([31, 33], "tanh", True, 64),
    "S3, tanh(W x + b), 2048 x 32": ([32, 2048], "tanh", True, 4),
    "S3, tanh(W x + b), 32 x 2048": ([2048, 32], "tanh", True, 4),
    "S3, tanh(W x + b), 512 x 512": ([512, 512], "tanh", True, 4),
}


class Network:
    """The same weights as a folder for Tangents and as tensors for PyTorch."""

    def __init__(self, widths, activation, last, folder):
        random = np.random.default_rng(7)
        self.activation = {"tanh": torch.tanh, "relu": torch.relu}[activation]
        self.layers = len(widths) - 1
        self.last = last
        self.params = {}
        layers, parameters = [], {}
        for i, (before, after) in enumerate(zip(widths, widths[1:])):
            arrays = {
                f"W{i}": random.standard_normal((before, after)) / math.sqrt(before),
                f"b{i}": 0.05 * random.standard_normal(after),
            }
            for name, array in arrays.items():
                array = array.astype(np.float32)
                np.save(folder / f"{name}.npy", array)
                parameters[name] = {"npy": f"{name}.npy"}
                self.params[name] = torch.from_numpy(array)
            layers.append({"op": "dense", "weight": f"W{i}", "bias": f"b{i}"})
            if i + 1 < self.layers or last:
                layers.append({"op": activation})
        self.file = folder / "model.json"
        self.file.write_text(
            json.dumps(
                {
                    "format": "tangents-network",
                    "version": 1,
                    "input": {"shape": [widths[0]]},
                    "parameters": parameters,
                    "layers": layers,
                }
            )
        )

    def __call__(self, params, x):
        for i in range(self.layers):
            x = x @ params[f"W{i}"] + params[f"b{i}"]
            if i + 1 < self.layers or self.last:
                x = self.activation(x)
        return x


def waves(f, rows, columns, start, row, column):
    n = np.arange(rows)[:, None]
    j = np.arange(columns)[None, :]
    return torch.from_numpy(f(start + row * n + column * j).astype(np.float32))


def projection(params):
    """Signs of P x k, drawn before the clock runs; used in pieces of 2^16 rows."""
    generator = torch.Generator().manual_seed(1)
    count = sum(p.numel() for p in params.values())
    signs = []
    for start in range(0, count, 1 << 16):
        rows = min(1 << 16, count - start)
        signs.append(2.0 * torch.randint(0, 2, (rows, FEATURES), generator=generator, dtype=torch.int8).float() - 1)
    return signs


def project(gradients, signs):
    flat = torch.cat([g.reshape(g.shape[0], -1) for g in gradients.values()], 1)
    result, start = 0, 0
    for piece in signs:
        result = result + flat[:, start : start + piece.shape[0]] @ piece
        start += piece.shape[0]
    return result / math.sqrt(FEATURES)


def quantities(net, widths, batch):
    """name: (numbers of the largest array that must be formed, alternatives of which the faster counts)."""
    d, o = widths[0], widths[-1]
    params = net.params
    count = sum(p.numel() for p in params.values())
    x = waves(np.sin, batch, d, 0.1, 1.7, 0.3)
    v = waves(np.cos, batch, d, 0.2, 1.1, 0.7)
    u = waves(np.cos, batch, o, 0.5, 0.9, 1.3)
    f = lambda xs: net(params, xs)  # one sample or a batch alike
    loss = lambda p, one: (net(p, one) ** 2).mean()
    per_sample = vmap(grad(loss), (None, 0))

    def norms():
        return sum(g.flatten(1).square().sum(1) for g in per_sample(params, x).values()).sqrt()

    def laplacian():
        return vmap(hessian(f))(x).diagonal(dim1=-2, dim2=-1).sum(-1)

    def determinant_loss(mode):
        return lambda p: ((torch.linalg.det(vmap(mode(lambda one: net(p, one)))(x)) - 1) ** 2).mean()

    work = {
        "forward": (batch * o, [lambda: f(x)]),
        "jvp": (batch * o, [lambda: jvp(f, (x,), (v,))[1]]),
        "vjp": (batch * d, [lambda: vjp(f, x)[1](u)[0]]),
        "hvp": (batch * d, [lambda: jvp(grad(lambda xs: (f(xs) * u).sum()), (x,), (v,))[1]]),
        "input-jacobian": (batch * o * d, [lambda: vmap(jacrev(f))(x), lambda: vmap(jacfwd(f))(x)]),
        "hessian": (batch * o * d * max(widths), [lambda: vmap(hessian(f))(x)]),
        "laplacian": (batch * o * d * max(widths), [laplacian]),
        "parameter-jacobian": (batch * o * count, [lambda: vmap(jacrev(net), (None, 0))(params, x)]),
        "per-sample-gradients": (batch * count, [lambda: per_sample(params, x)]),
        "gradient-norms": (batch * count, [norms]),
        "mean-gradient": (count, [lambda: grad(lambda p: (net(p, x) ** 2).mean())(params)]),
    }
    if 4 * count * FEATURES <= SIGNS_LIMIT:
        signs = projection(params)
        weighted = lambda p, one, w: (net(p, one) * w).sum()
        gradients = vmap(grad(weighted), (None, 0, 0))
        work[f"projection-{FEATURES}"] = (batch * count, [lambda: project(gradients(params, x, u), signs)])
    if d == o:
        work["determinant"] = (
            batch * o * d,
            [lambda: torch.linalg.det(vmap(jacrev(f))(x)), lambda: torch.linalg.det(vmap(jacfwd(f))(x))],
        )
        work["determinant-loss-gradient"] = (
            batch * o * d,
            [lambda: grad(determinant_loss(jacrev))(params), lambda: grad(determinant_loss(jacfwd))(params)],
        )
    return work


def seconds(run):
    """Median of at least 5 runs and 0.5 s, after two that do not count."""
    run()
    run()
    times = []
    while len(times) < 5 or (sum(times) < 0.5 and len(times) < 200):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def checksums(result):
    tensors = list(result.values()) if isinstance(result, dict) else [result]
    total = sum(t.double().sum().item() for t in tensors)
    return total, math.sqrt(sum(t.double().square().sum().item() for t in tensors))


def torch_round(work):
    figures = {}
    for name, (size, alternatives) in work.items():
        if 4 * size <= LIMIT:
            ms = min(seconds(run) for run in alternatives) * 1e3
            figures[name] = (ms, *checksums(alternatives[0]()))
    return figures


def tangents_round(net, batch):
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    environment.setdefault("TANGENTS_DRIVER_MEMORY", "4g")
    command = [str(TANGENTS), "bench", "model", "--model", str(net.file), "--batch", str(batch), "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return {row["name"]: row for row in json.loads(done.stdout)}


def agrees(name, ours, theirs):
    """A projection has other signs: its norm only estimates the same norm."""
    bound = 0.2 if name.startswith("projection") else 2e-4
    scale = max(theirs[2], 1e-30)
    close = abs(ours["norm"] - theirs[2]) <= bound * scale
    if name.startswith("projection"):
        return close
    return close and abs(ours["sum"] - theirs[1]) <= 1e-3 * max(abs(theirs[1]), scale)


def compare(title, rounds):
    widths, activation, last, batch = NETWORKS[title]
    lines, faults = [], []
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        net = Network(widths, activation, last, Path(folder))
        work = quantities(net, widths, batch)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(tangents_round(net, batch))
            theirs.append(torch_round(work))
    for name, row in ours[0].items():
        if name not in theirs[0] and "ms" not in row:
            continue
        mine = statistics.median(r[name]["ms"] for r in ours) if "ms" in row else None
        peer = statistics.median(r[name][0] for r in theirs) if name in theirs[0] else None
        if mine is not None and peer is not None and not agrees(name, row, theirs[0][name]):
            faults.append(f"{title}, {name}: ours {row['sum']}, {row['norm']}; torch {theirs[0][name][1:]}")
        cell = lambda ms: "-" if ms is None else f"{ms:.3g}"
        ratio = "" if mine is None or peer is None else f"{peer / mine:.2f}"
        lines.append(f"| {title}, N {batch} | {name} | {cell(mine)} | {cell(peer)} | {ratio} |")
        print(lines[-1], flush=True)
    return lines, faults


def versions():
    processor = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return (
        f"PyTorch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), numpy {np.__version__}, "
        f"Python {platform.python_version()}, {processor}, one thread each, float32."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each program")
    parser.add_argument("--only", default="", help="networks whose name contains this")
    parser.add_argument("--readme", action="store_true", help="put the table into the README")
    options = parser.parse_args()
    torch.set_num_threads(1)
    head = ["| network | quantity | Tangents, ms | torch.func, ms | torch / ours |", "|---|---|---|---|---|"]
    print("\n".join([versions(), ""] + head))
    lines, faults = [], []
    for title in NETWORKS:
        if options.only in title:
            more, wrong = compare(title, options.rounds)
            lines += more
            faults += wrong
    if options.readme:
        readme = HERE / "README.md"
        start = readme.read_text().split(MARK)[0]
        readme.write_text("\n".join([start + MARK, "", versions(), ""] + head + lines) + "\n")
    if faults:
        sys.exit("Results differ:\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
