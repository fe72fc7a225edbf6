"""neural-tangents' part of gpu_tiles.py: the same kernel from samples by empirical_ntk_fn under jit.

    python gpu_tiles_nt.py check|measure [--small]

Network and fields of a row are in gpu_tiles_case.py; what makes neural-tangents run on today's JAX, in
gpu_tiles_shims.py. Network passes are included, compilation is not. A figure is entries of K a second: FLOPs differ
between implementations. fp32 and tf32 are the matrix-product precisions `highest` and `tensorfloat32` of JAX.
"""

import time

import gpu_tiles_case as case
import gpu_tiles_jax as peer
import jax
import jax.numpy as jnp
import numpy as np
from gpu_tiles_shims import import_neural_tangents

nt = import_neural_tangents()

IMPLEMENTATIONS = {
    "structured": nt.NtkImplementation.STRUCTURED_DERIVATIVES,
    "jacobian": nt.NtkImplementation.JACOBIAN_CONTRACTION,
    "ntvp": nt.NtkImplementation.NTK_VECTOR_PRODUCTS,
}
MATMUL = {"fp32": "highest", "tf32": "tensorfloat32"}
CORNER = 16  # rows and columns that are compared
# outputs, implementation, vmap_axes, samples, precision
PLAN = [
    (1, "structured", 0, 1024, "fp32"),
    (1, "structured", 0, 8192, "fp32"),
    (1, "structured", 0, 8192, "tf32"),
    (1, "jacobian", 0, 512, "fp32"),
    (1, "jacobian", 0, 1024, "fp32"),
    (1, "ntvp", 0, 256, "fp32"),
    (1, "ntvp", 0, 512, "fp32"),
    (10, "structured", 0, 1024, "fp32"),
    (10, "structured", 0, 8192, "fp32"),
    (10, "structured", 0, 8192, "tf32"),
    (10, "jacobian", 0, 128, "fp32"),
    (10, "ntvp", 0, 64, "fp32"),
    (1, "structured", None, 256, "fp32"),
]
PLAN_SMALL = [
    (1, "structured", 0, 32, "fp32"),
    (1, "structured", 0, 32, "tf32"),
    (1, "jacobian", 0, 16, "fp32"),
    (1, "ntvp", 0, 16, "fp32"),
    (1, "structured", None, 16, "fp32"),
    (10, "structured", 0, 16, "fp32"),
    (10, "jacobian", 0, 16, "fp32"),
    (10, "ntvp", 0, 16, "fp32"),
]


def kernel(implementation, vmap_axes):
    """(x1, x2, params) -> K, the mean over outputs."""
    return nt.empirical_ntk_fn(
        peer.apply, trace_axes=(-1,), vmap_axes=vmap_axes, implementation=IMPLEMENTATIONS[implementation])


def check():
    """Every implementation in float64 against the factor form, which gpu_tiles_jax.py checks against jax.jacrev."""

    def run():
        for outputs, weights, x1, x2 in case.check_cases():
            exact = case.kernel(weights, x1, x2)
            arguments = jnp.asarray(x1), jnp.asarray(x2), peer.parameters(weights, "float64")
            jacobians = peer.contraction(arguments[2], *arguments[:2], outputs)
            case.check(f"factor form, O = {outputs}: numpy against jax.jacrev", exact, jacobians)
            for name in IMPLEMENTATIONS:
                for vmap_axes in (0, None):
                    found = jax.jit(kernel(name, vmap_axes))(*arguments)
                    case.check(f"{name}, vmap_axes={vmap_axes}, O = {outputs}: against the factor form", found, exact)

    peer.in_float64(run)


def measure(size):
    def one(outputs, implementation, vmap_axes, n, precision):
        params = peer.parameters(case.network(size.widths(outputs)), "float32")
        random = np.random.default_rng(n)
        rows, columns = [random.standard_normal((n, size.inputs), dtype=np.float32) for _ in range(2)]
        arguments = jnp.asarray(rows), jnp.asarray(columns), params
        with jax.default_matmul_precision(MATMUL[precision]):
            start = time.monotonic()
            run = jax.jit(kernel(implementation, vmap_axes)).lower(*arguments).compile()
            seconds = time.monotonic() - start
        exact = case.kernel(params, rows[:CORNER], columns[:CORNER])
        error = case.relative_error(run(*arguments)[:CORNER, :CORNER], exact)
        figures = peer.timed(lambda: run(*arguments), repeats=5, target=0.005)
        figures["entries_per_second"] = n * n / figures["seconds"]
        return {**figures, "error": error, "compile_seconds": seconds}

    for outputs, implementation, vmap_axes, n, precision in PLAN_SMALL if size is case.SMALL else PLAN:
        name = f"neural-tangents {implementation}, vmap_axes={vmap_axes}"
        name += peer.NO_TRITON_LABEL if peer.NO_TRITON else ""
        work = lambda: one(outputs, implementation, vmap_axes, n, precision)
        case.attempt(work, name, precision, outputs, n)


def versions():
    return f"neural-tangents {nt.__version__}, {peer.versions()}"


if __name__ == "__main__":
    case.work(versions, check, measure)
