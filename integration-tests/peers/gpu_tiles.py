"""Times the arithmetic of a kernel's tiles by PyTorch, JAX and neural-tangents on one NVIDIA GPU.

    python integration-tests/peers/gpu_tiles.py [--only torch,jax,nt] [--jax PYTHON] [--no-triton-gemm]
                                                [--out FILE] [--small]

The kernel: 784-1024-1024-1024-O in NTK parametrisation with biases, trace, O = 1 and 10, tiles of 2,048 and of 8,192.
`tangents bench gpu` measures the same arithmetic. gpu_tiles_case.py has the formula, how FLOPs are counted and what the
fields of a result mean.

    torch   products 8192^3; tiles in factor form, eager, as a CUDA graph and by torch.compile; torch.func from samples
    jax     tiles in factor form under jit, Triton's products forbidden, and as XLA's default
    nt      neural-tangents from samples, by structured derivatives, Jacobian contraction and NTK-vector products

in fp32, tf32 and bf16 as far as each has them. Every program is a process of its own, one after the other. Each is
first checked in float64 on small networks against Jacobian contraction: nothing is timed unless all agree. A figure is
the median of at least 5 loops; its error, against the same in float64, is beside it. Compilation does not count.

PYTHON is one with jax and neural-tangents, if they are in another environment. --no-triton-gemm passes
XLA_FLAGS=--xla_gpu_enable_triton_gemm=false to JAX, for neural-tangents as well. --small has tiny sizes, for a dry run
on a CPU. --out writes all that the programs say as JSON, an object a line.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = ["torch", "jax", "nt"]
HEAD = [
    "| what | precision | outputs | n | ms | TFLOP/s | entries/s | error | compilation, s |",
    "|---|---|---|---|---|---|---|---|---|",
]


def device():
    query = "name,driver_version,clocks.sm,clocks.max.sm,power.limit"
    try:
        command = ["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader"]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError) as failure:
        return f"no GPU ({failure})"


def cells(row):
    value = lambda name, form, scale=1: format(scale * row[name], form) if row.get(name) is not None else "-"
    return [
        row["name"], row["precision"], value("outputs", "d"), value("n", "d"), value("seconds", ".3f", 1e3),
        value("teraflops", ".3g"), value("entries_per_second", ".3g"), value("error", ".1e"),
        value("compile_seconds", ".1f")]


def run(program, what, options):
    """The objects that a worker prints, as they come; the last is its exit status."""
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    if options.no_triton_gemm:
        flags = environment.get("XLA_FLAGS", "") + " --xla_gpu_enable_triton_gemm=false"
        environment["XLA_FLAGS"] = flags.strip()
    python = sys.executable if program == "torch" else options.jax
    command = [python, str(HERE / f"gpu_tiles_{program}.py"), what] + (["--small"] if options.small else [])
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        for line in worker.stdout:
            if line.startswith("{"):
                yield json.loads(line)
            else:
                print(line, end="", file=sys.stderr)
    yield worker.returncode


def check(programs, options, keep):
    for program in programs:
        for found in run(program, "check", options):
            keep(found)
            if isinstance(found, int):
                if found:
                    sys.exit(f"The check of {program} failed: nothing is timed.")
            elif "versions" in found:
                print(found["versions"], flush=True)
            else:
                print(f"  checked: {found['check']}: error {found['error']:.1e}", flush=True)


def measure(programs, options, keep):
    """A row may fail, and the others go on; failures are listed at the end."""
    failures = []
    for program in programs:
        for found in run(program, "measure", options):
            keep(found)
            if isinstance(found, int):
                if found:
                    failures.append(f"{program} ended with status {found}")
                continue
            print("| " + " | ".join(cells(found)) + " |", flush=True)
            if "failed" in found:
                failures.append(f"{' '.join(cells(found)[:4])}: {found['failed']}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PROGRAMS), help="programs, separated by commas")
    parser.add_argument("--jax", default=sys.executable, help="a Python with jax and neural-tangents")
    parser.add_argument("--no-triton-gemm", action="store_true", help="JAX without Triton's products")
    parser.add_argument("--out", help="a file for all figures, a JSON object a line")
    parser.add_argument("--small", action="store_true", help="tiny sizes, for a dry run on a CPU")
    options = parser.parse_args()
    programs = options.only.split(",")
    if not set(programs) <= set(PROGRAMS):
        parser.error(f"--only takes some of {','.join(PROGRAMS)}")
    out = open(options.out, "w") if options.out else None

    def keep(found):
        if out and not isinstance(found, int):
            print(json.dumps(found), file=out, flush=True)

    print(f"{device()}; Python {platform.python_version()}", flush=True)
    check(programs, options, keep)
    print("\n".join([""] + HEAD), flush=True)
    failures = measure(programs, options, keep)
    if failures:
        sys.exit("Failed:\n" + "\n".join(failures))


if __name__ == "__main__":
    main()
