"""Times neural tangent kernels by Tangents, torch.func and neural-tangents on the same networks and data, by turns.

    python integration-tests/peers/kernels.py --jax PYTHON [--rounds 3] [--only NAME] [--cpu 0] [--readme]

Needs torch, onnx and numpy, a PYTHON (of another environment, as it may be) with jax and neural-tangents, and job/bin/tangents
built. Every program is a process of its own in its turn, float32, one thread, on the CPU. The networks are exported to ONNX
from PyTorch; samples are those of `tangents bench kernel`. Kernels must agree. --readme puts the table into the README.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import networks_torch
import numpy as np
import torch
from timing import seconds

HERE = Path(__file__).resolve().parent
TANGENTS = HERE.parent.parent / "job" / "bin" / "tangents"
MARK = "<!-- kernels -->"
END = "<!-- end of kernels -->"
IMPLEMENTATIONS = ["STRUCTURED_DERIVATIVES", "JACOBIAN_CONTRACTION"]

# title: kind, shape of a sample, outputs, samples, kernels
NETWORKS = {
    "MLP 784-1024-1024-1": ("mlp", (784,), 1, 256, ["trace"]),
    "MLP 784-1024-1024-10": ("mlp", (784,), 10, 32, ["trace", "full"]),
    "LeNet-5": ("lenet", (1, 28, 28), 10, 64, ["trace", "full"]),
    "VGG of 4 convolutions": ("vgg", (3, 32, 32), 10, 16, ["trace", "full"]),
    "ResNet-18/32, 1 output": ("resnet18", (3, 32, 32), 1, 16, ["trace"]),
    "ResNet-18/32, 10 outputs": ("resnet18", (3, 32, 32), 10, 4, ["trace", "full"]),
    "ViT-tiny/32, 1 output": ("vit", (3, 32, 32), 1, 16, ["trace"]),
    "ViT-tiny/32, 10 outputs": ("vit", (3, 32, 32), 10, 4, ["trace", "full"]),
}


def samples(count, shape):
    """x_nd = sin(0.1 + 1.7 n + 0.3 d)"""
    d = int(np.prod(shape))
    x = np.sin(0.1 + 1.7 * np.arange(count)[:, None] + 0.3 * np.arange(d)[None, :])
    return x.astype(np.float32).reshape(count, *shape)


class Programs:
    """The three programs on one network, whose files are in a folder."""

    def __init__(self, folder, network, options):
        self.folder = folder
        self.kind, shape, self.outputs, self.count, _ = network
        self.options = options
        self.versions = {}
        self.net = networks_torch.module(self.kind, self.outputs)
        self.x = torch.from_numpy(samples(self.count, shape))
        networks_torch.export(self.net, self.x, str(folder / "net.onnx"))
        np.savez(folder / "weights.npz", **networks_torch.numpy_state(self.net))
        np.save(folder / "x.npy", self.x.numpy())

    def process(self, command):
        """The JSON object that a program prints, or None if it fails or takes too long."""
        environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
        environment.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", PYTHONPATH=str(HERE))
        environment.setdefault("TANGENTS_DRIVER_MEMORY", "3g")
        if self.options.cpu is not None:
            command = ["taskset", "-c", str(self.options.cpu)] + command
        try:
            done = subprocess.run(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=self.options.limit)
        except subprocess.TimeoutExpired:
            print(f"more than {self.options.limit} s: {' '.join(command)}", file=sys.stderr)
            return None
        if done.returncode:
            print(f"failed: {' '.join(command)}\n{done.stderr[-2000:]}", file=sys.stderr)
            return None
        return json.loads(done.stdout.strip().splitlines()[-1])

    def tangents(self, form):
        figures = self.process(
            [str(TANGENTS), "bench", "kernel", "--model", str(self.folder / "net.onnx"), "--kernel", form]
            + ["--samples", str(self.count), "--json"])
        if figures is None:
            return None
        kernel = np.array(figures["values"]).reshape(figures["shape"])
        kernel = kernel[0] if form == "trace" else kernel.reshape(self.outputs, self.outputs, self.count, self.count)
        return figures["network"]["least"] + figures["tile"]["least"], kernel

    def torch(self, form):
        figures = self.process(
            [sys.executable, str(HERE / "kernels.py"), "--torch", str(self.folder), self.kind, str(self.outputs), form])
        return figures and (figures["seconds"], np.load(self.folder / "kernel-torch.npy"))

    def jax(self, form, implementation):
        figures = self.process(
            [self.options.jax, str(HERE / "networks_jax.py"), str(self.folder), self.kind, form, implementation])
        if figures:
            self.versions["jax"] = figures["versions"]
        return figures and (figures["seconds"], np.load(self.folder / "kernel-jax.npy"))


def torch_worker(folder, kind, outputs, form):
    torch.set_num_threads(1)
    net = networks_torch.module(kind, int(outputs))
    with torch.no_grad():
        run = networks_torch.kernel(net, torch.from_numpy(np.load(Path(folder) / "x.npy")), form == "full")
        np.save(Path(folder) / "kernel-torch.npy", run().numpy())
        print(json.dumps({"seconds": seconds(run)}))


def difference(a, b):
    return np.abs(a - b).max() / np.abs(b).mean()


def compare(title, options, versions):
    network = NETWORKS[title]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(Path(folder), network, options)
        for form in network[4]:
            turns = {"ours": programs.tangents, "torch": programs.torch}
            for name in IMPLEMENTATIONS:
                turns[name] = lambda form, name=name: programs.jax(form, name)
            found = {name: [] for name in turns}
            for _ in range(options.rounds):
                for name, turn in turns.items():
                    result = turn(form)
                    if result:
                        found[name].append(result)
            lines.append(row(f"{title}, N {network[3]}, {form}", found))
            print(lines[-1], flush=True)
        versions.update(programs.versions)
    return lines


def row(title, found):
    time = {name: min(s for s, _ in results) for name, results in found.items() if results}
    kernels = {name: results[0][1] for name, results in found.items() if results}
    best = min((name for name in IMPLEMENTATIONS if name in time), key=time.get, default=None)
    cells = [title]
    for name in ["ours", "torch", best]:
        cells.append(f"{time[name] * 1e3:.3g}" if name in time else "-")
    cells[-1] += f" ({best.split('_')[0].lower()})" if best else ""
    for name in ["torch", best]:
        cells.append(f"{time[name] / time['ours']:.2f}" if name in time and "ours" in time else "-")
    for name in ["torch", best]:
        both = name in kernels and "ours" in kernels
        cells.append(f"{difference(kernels['ours'], kernels[name]):.0e}" if both else "-")
    return "| " + " | ".join(cells) + " |"


def describe(versions):
    processor = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return (
        f"{networks_torch.versions()}, {versions.get('jax', 'no JAX')}, Python {platform.python_version()}, {processor}, "
        f"one thread each, float32; load of the machine {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jax", default=sys.executable, help="a Python with jax and neural-tangents")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each program")
    parser.add_argument("--only", default="", help="networks whose name contains this")
    parser.add_argument("--limit", type=int, default=600, help="seconds for one turn of one program")
    parser.add_argument("--cpu", type=int, help="the processor to run on")
    parser.add_argument("--readme", action="store_true", help="put the table into the README")
    parser.add_argument("--torch", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.torch:
        torch_worker(*options.torch)
        return
    head = [
        "| network, kernel | Tangents, ms | torch.func, ms | neural-tangents, ms | torch / ours | nt / ours | diff torch | diff nt |",
        "|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(head))
    lines, versions = [], {}
    for title in NETWORKS:
        if options.only in title:
            lines += compare(title, options, versions)
    print(describe(versions))
    if options.readme:
        readme = HERE / "README.md"
        text = readme.read_text()
        before, after = text.split(MARK)[0], text.split(END)[1]
        readme.write_text("\n".join([before + MARK, "", describe(versions), ""] + head + lines + ["", END]) + after)


if __name__ == "__main__":
    main()
