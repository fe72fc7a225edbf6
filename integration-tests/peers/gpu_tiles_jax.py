"""JAX's part of gpu_tiles.py: tiles in factor form under jit.

    python gpu_tiles_jax.py check|measure [--small]

Formulas, FLOPs and the fields of a row are in gpu_tiles_case.py. Times are of the host's clock around a loop of calls
and one block_until_ready. Factors lie on the device beforehand in the format of the products; the tile stays there.
Products: fp32 (Precision.HIGHEST), tf32 (TF32_TF32_F32), bf16->fp32 (operands in bfloat16, result in float).

On a GPU each tile is compiled twice, by an option of its compilation: Triton's products forbidden, then XLA's default,
which may take them. Where XLA_FLAGS has --xla_gpu_enable_triton_gemm=false, there is only the former.
"""

import os
import time

# Memory is taken as it is needed, most of the device's if so.
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
os.environ.setdefault("XLA_PYTHON_CLIENT_MEM_FRACTION", "0.9")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import gpu_tiles_case as case  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import timing  # noqa: E402
from jax import lax  # noqa: E402

NO_TRITON = "xla_gpu_enable_triton_gemm=false" in os.environ.get("XLA_FLAGS", "").lower()
NO_TRITON_LABEL = ", no Triton gemm"


def timed(run, **options):
    jax.block_until_ready(run())
    jax.block_until_ready(run())

    def loop(calls):
        start = time.perf_counter()
        for _ in range(calls):
            result = run()
        jax.block_until_ready(result)
        return (time.perf_counter() - start) / calls

    return timing.median(loop, most=50, **options)


def tile(outputs, precision, scales):
    """The tile as a function of lists A, B of four and D, E of three."""
    how = {"fp64": lax.Precision.HIGHEST, "fp32": lax.Precision.HIGHEST, "bf16": None}.get(precision)
    if precision == "tf32" and jax.default_backend() != "cpu":
        how = lax.DotAlgorithmPreset.TF32_TF32_F32
    result = jnp.float64 if precision == "fp64" else jnp.float32

    def product(x, y):
        return lax.dot_general(x, y, (((1,), (1,)), ((), ())), precision=how, preferred_element_type=result)

    def run(a, b, d, e):
        k = (product(a[3], b[3]) * scales[3] + 1.0) * float(outputs)
        for layer in range(3):
            k = k + (product(a[layer], b[layer]) * scales[layer] + 1.0) * product(d[layer], e[layer])
        return k * (1.0 / outputs)

    return run


def parameters(weights, dtype):
    return [(jnp.asarray(w, dtype), jnp.asarray(b, dtype)) for w, b in weights]


def apply(params, x):
    """The network over rows of x."""
    for layer, (w, b) in enumerate(params):
        x = jnp.dot(x, w) * w.shape[0] ** -0.5 + b
        if layer < len(params) - 1:
            x = jnp.maximum(x, 0)
    return x


def contraction(params, x1, x2, outputs):
    """(1/O) J J'^T."""
    one = lambda p, x: apply(p, x[None])[0]

    def jacobians(x):
        tree = jax.vmap(jax.jacrev(one), (None, 0))(params, x)
        return [j.reshape(len(x), outputs, -1) for j in jax.tree_util.tree_leaves(tree)]

    return sum(jnp.einsum("iop,jop->ij", j1, j2) for j1, j2 in zip(jacobians(x1), jacobians(x2))) / outputs


def in_float64(run):
    """run() on the CPU in float64."""
    enable = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
    with jax.default_device(jax.devices("cpu")[0]), enable(True), jax.default_matmul_precision("highest"):
        run()


def check():
    """The reference and the timed form of a tile, in float64, against Jacobian contraction."""

    def run():
        for outputs, weights, x1, x2 in case.check_cases():
            exact = contraction(parameters(weights, "float64"), jnp.asarray(x1), jnp.asarray(x2), outputs)
            case.check(f"factor form, O = {outputs}: numpy against jax.jacrev", case.kernel(weights, x1, x2), exact)
            (a, d), (b, e) = [[[jnp.asarray(x) for x in side] for side in case.factors(weights, x)] for x in (x1, x2)]
            found = jax.jit(tile(outputs, "fp64", [1.0 / x.shape[1] for x in a]))(a, b, d[:3], e[:3])
            case.check(f"factor form, O = {outputs}: jit against jax.jacrev", found, exact)

    in_float64(run)


def panels(size):
    """Normally distributed factors of the largest tile: A, B of four and D, E of three."""
    n = max(size.samples)
    draw = jax.jit(lambda key, columns: jax.random.normal(key, (n, columns), jnp.float32), static_argnums=1)
    keys = iter(jax.random.split(jax.random.key(7, impl="rbg"), 14))
    inputs = [[draw(next(keys), extent) for extent in size.extents] for _ in range(2)]
    return inputs + [[draw(next(keys), max(case.OUTPUTS) * size.width) for _ in range(3)] for _ in range(2)]


def measure(size):
    sides = panels(size)
    ways = [(NO_TRITON_LABEL, {"xla_gpu_enable_triton_gemm": False}), ("", {})]
    if NO_TRITON:
        ways = ways[:1]
    elif jax.default_backend() == "cpu":
        ways = ways[1:]

    def one(n, outputs, precision, compiler_options):
        dtype = jnp.bfloat16 if precision == "bf16" else jnp.float32
        columns = lambda side, x: x.shape[1] if side < 2 else outputs * size.width
        a, b, d, e = [[jnp.asarray(x[:n, : columns(i, x)], dtype) for x in side] for i, side in enumerate(sides)]
        start = time.monotonic()
        lowered = jax.jit(tile(outputs, precision, size.scales)).lower(a, b, d, e)
        run = lowered.compile(compiler_options=compiler_options or None)
        seconds = time.monotonic() - start
        corner = lambda x: np.asarray(x[: case.CORNER].astype(jnp.float32)).astype(np.float64)
        exact = case.tile(*[[corner(x) for x in side] for side in (a, b, d, e)], outputs, size.scales)
        error = case.relative_error(run(a, b, d, e)[: case.CORNER, : case.CORNER], exact)
        figures = timed(lambda: run(a, b, d, e))
        figures["teraflops"] = size.flops(n, n, outputs) / figures["seconds"] / 1e12
        return {**figures, "error": error, "compile_seconds": seconds}

    for n in sorted(size.samples, reverse=True):
        for label, compiler_options in ways:
            for outputs in case.OUTPUTS:
                for precision, called in case.PRECISIONS.items():
                    work = lambda: one(n, outputs, precision, compiler_options)
                    case.attempt(work, "jax.jit" + label, called, outputs, n)


def versions():
    return f"JAX {jax.__version__}, {jax.devices()[0].device_kind}, XLA_FLAGS '{os.environ.get('XLA_FLAGS', '')}'"


if __name__ == "__main__":
    case.work(versions, check, measure)
