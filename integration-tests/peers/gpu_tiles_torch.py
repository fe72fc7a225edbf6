"""PyTorch's part of gpu_tiles.py: plain products, tiles in factor form, and Jacobian contraction by torch.func.

    python gpu_tiles_torch.py check|measure [--small]

Formulas, FLOPs and the fields of a row are in gpu_tiles_case.py. Times are between two CUDA events around a loop of
calls, or of the host's clock without a GPU. Factors lie on the device beforehand in the format of the products; the
tile stays there. Products: fp32 (no TF32), tf32, bf16->fp32 (operands in bfloat16, sums and result in float).
"""

import os
import time

# Each graph is one small kernel, which needs no pool of compilers.
os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")

import gpu_tiles_case as case  # noqa: E402
import numpy as np  # noqa: E402
import timing  # noqa: E402
import torch  # noqa: E402
from torch.func import jacrev, vmap  # noqa: E402

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
# outputs, samples
FUNC = [(1, 64), (1, 256), (1, 512), (10, 64), (10, 128)]
FUNC_SMALL = [(1, 16), (1, 32), (10, 16)]


def timed(run, **options):
    run()
    run()

    def loop(calls):
        if DEVICE == "cpu":
            start = time.perf_counter()
            for _ in range(calls):
                run()
            return (time.perf_counter() - start) / calls
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        torch.cuda.synchronize()
        start.record()
        for _ in range(calls):
            run()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) * 1e-3 / calls

    return timing.median(loop, **options)


def set_precision(precision):
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False


def product_to_float(x, y):
    """Of bfloat16 with a result in float; the processor has no such product and multiplies floats."""
    if DEVICE == "cpu":
        return x.float() @ y.float()
    return torch.mm(x, y, out_dtype=torch.float32)


def measure_products(size):
    """C = X Y and C = X Y^T, n x n x n, 2 n^3 FLOPs: what the tile's products are made of. No error is taken."""
    n = size.product
    generator = torch.Generator(device=DEVICE).manual_seed(1)
    x = torch.randn(n, n, device=DEVICE, generator=generator)
    y = torch.randn(n, n, device=DEVICE, generator=generator)

    def attempt(name, precision, run):
        def measure():
            figures = timed(run)
            return {**figures, "teraflops": 2.0 * n**3 / figures["seconds"] / 1e12}

        case.attempt(measure, name, precision, None, n)

    for precision in ("fp32", "tf32"):
        set_precision(precision)
        out = torch.empty(n, n, device=DEVICE)
        attempt("torch.mm(x, y)", precision, lambda: torch.mm(x, y, out=out))
        attempt("torch.mm(x, y.T)", precision, lambda: torch.mm(x, y.t(), out=out))
    xb, yb = x.bfloat16(), y.bfloat16()
    attempt("torch.mm(x, y)", "bf16->fp32", lambda: product_to_float(xb, yb))
    attempt("torch.mm(x, y.T)", "bf16->fp32", lambda: product_to_float(xb, yb.t()))
    attempt("torch.mm(x, y)", "bf16->bf16", lambda: torch.mm(xb, yb))


def straight(outputs, precision, scales):
    """The tile as one expression, which is what torch.compile gets: A_0 .. A_3, B_0 .. B_3, D_0 .. D_2, E_0 .. E_2."""
    mm = product_to_float if precision == "bf16" else torch.mm

    def run(a0, a1, a2, a3, b0, b1, b2, b3, d0, d1, d2, e0, e1, e2):
        k = (mm(a3, b3.t()) * scales[3] + 1.0) * float(outputs)
        k = k + (mm(a0, b0.t()) * scales[0] + 1.0) * mm(d0, e0.t())
        k = k + (mm(a1, b1.t()) * scales[1] + 1.0) * mm(d1, e1.t())
        k = k + (mm(a2, b2.t()) * scales[2] + 1.0) * mm(d2, e2.t())
        return k * (1.0 / outputs)

    return run


def scaled(b, scales):
    """B_l / fan_in_l, as a panel would be stored; in bfloat16 it is rounded again."""
    return [((x.float() if x.dtype == torch.bfloat16 else x) * scale).to(x.dtype) for x, scale in zip(b, scales)]


def in_place(outputs, precision, a, b, d, e):
    """The tile by hand in eager mode, in three buffers that stay: q = A_l B_l^T + 1, p = D_l E_l^T, K += q o p / O.

    B_l is divided by fan_in_l beforehand. The last layer is K = A_3 B_3^T + 1, since its D E^T / O is 1.
    """
    dtype = torch.float32 if precision == "bf16" else a[0].dtype
    k_room = torch.empty(len(a[0]), len(b[0]), device=DEVICE, dtype=dtype)
    q_room, p_room = torch.empty_like(k_room), torch.empty_like(k_room)

    def mm(x, y, out):
        if precision != "bf16":
            return torch.mm(x, y.t(), out=out)
        if DEVICE == "cpu":
            return out.copy_(x.float() @ y.float().t())
        try:
            return torch.mm(x, y.t(), out_dtype=torch.float32, out=out)
        except TypeError:
            return torch.mm(x, y.t(), out_dtype=torch.float32)

    def run():
        k = mm(a[3], b[3], k_room).add_(1.0)
        for layer in range(3):
            q = mm(a[layer], b[layer], q_room).add_(1.0)
            p = mm(d[layer], e[layer], p_room)
            k.addcmul_(q, p, value=1.0 / outputs)
        return k

    return run


def as_graph(run):
    """run() captured once as a CUDA graph and replayed."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        run()
        run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = run()

    def replay():
        graph.replay()
        return result

    return replay


class Panels:
    """Normally distributed factors of the largest tile; a tile of another shape or format takes a copy of a part."""

    def __init__(self, size):
        self.size = size
        n, generator = max(size.samples), torch.Generator(device=DEVICE).manual_seed(2)
        draw = lambda columns: torch.randn(n, columns, device=DEVICE, generator=generator)
        self.a, self.b = [[draw(extent) for extent in size.extents] for _ in range(2)]
        self.d, self.e = [[draw(max(case.OUTPUTS) * size.width) for _ in range(3)] for _ in range(2)]

    def part(self, n, outputs, precision):
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        cut = lambda x, columns: x[:n, :columns].to(dtype).contiguous().clone()
        whole = lambda side: [cut(x, x.shape[1]) for x in side]
        some = lambda side: [cut(x, outputs * self.size.width) for x in side]
        return whole(self.a), whole(self.b), some(self.d), some(self.e)


def corner_error(found, a, b, d, e, outputs, scales):
    """Against the factor form in float64 of the same, rounded factors."""
    a, b, d, e = [[x[: case.CORNER].double().cpu().numpy() for x in side] for side in (a, b, d, e)]
    corner = found[: case.CORNER, : case.CORNER].cpu().numpy()
    return case.relative_error(corner, case.tile(a, b, d, e, outputs, scales))


def measure_tiles(size):
    """n x n: eager, as a CUDA graph (the smaller n, where launching shows) and by torch.compile."""
    panels = Panels(size)
    cases = [(n, o, p) for n in sorted(size.samples, reverse=True) for o in case.OUTPUTS for p in case.PRECISIONS]

    def figures(run, error, n, outputs):
        found = timed(run)
        return {**found, "teraflops": size.flops(n, n, outputs) / found["seconds"] / 1e12, "error": error}

    def by_hand(n, outputs, precision, wrap):
        set_precision(precision)
        a, b, d, e = panels.part(n, outputs, precision)
        b = scaled(b, size.scales)
        run = wrap(in_place(outputs, precision, a, b, d, e))
        return figures(run, corner_error(run(), a, b, d, e, outputs, [1.0] * 4), n, outputs)

    def compiled(n, outputs, precision):
        set_precision(precision)
        a, b, d, e = panels.part(n, outputs, precision)
        arguments = a + b + d + e
        run = torch.compile(straight(outputs, precision, size.scales), dynamic=False, fullgraph=True)
        with torch.no_grad():
            start = time.monotonic()
            found = run(*arguments)[: case.CORNER, : case.CORNER].cpu()
            seconds = time.monotonic() - start
            error = corner_error(found, a, b, d, e, outputs, size.scales)
            return {**figures(lambda: run(*arguments), error, n, outputs), "compile_seconds": seconds}

    def attempt(measure, name, n, outputs, precision):
        case.attempt(measure, name, case.PRECISIONS[precision], outputs, n)
        if DEVICE == "cuda":
            torch.cuda.empty_cache()

    for key in cases:
        attempt(lambda: by_hand(*key, lambda run: run), "torch eager", *key)
        if DEVICE == "cuda" and key[0] == min(size.samples):
            attempt(lambda: by_hand(*key, as_graph), "torch CUDA graph", *key)
    torch._dynamo.config.recompile_limit = 64
    for key in cases:
        attempt(lambda: compiled(*key), "torch.compile", *key)


def parameters(weights, dtype):
    """W_0, b_0, W_1, ... on the device; W is [fan_out, fan_in] as in torch.nn."""
    tensors = []
    for w, b in weights:
        tensors += [torch.tensor(np.ascontiguousarray(w.T), dtype=dtype, device=DEVICE)]
        tensors += [torch.tensor(b, dtype=dtype, device=DEVICE)]
    return tuple(tensors)


def one_sample(params, x):
    for layer in range(len(params) // 2):
        w, b = params[2 * layer], params[2 * layer + 1]
        x = (w @ x) * w.shape[1] ** -0.5 + b
        if layer < len(params) // 2 - 1:
            x = torch.relu(x)
    return x


def contraction(params, x1, x2, outputs):
    """(1/O) J J'^T, layer by layer, as the NTK tutorial of PyTorch does it."""
    jacobian = vmap(jacrev(one_sample), (None, 0))
    j1 = [j.flatten(2) for j in jacobian(params, x1)]
    j2 = [j.flatten(2) for j in jacobian(params, x2)]
    return sum(torch.einsum("Naf,Maf->NM", a, b) for a, b in zip(j1, j2)) / outputs


def measure_func(size):
    """From samples to K, network passes included, fp32."""
    set_precision("fp32")
    for outputs, n in FUNC_SMALL if size is case.SMALL else FUNC:
        weights = case.network(size.widths(outputs))

        def measure():
            params = parameters(weights, torch.float32)
            generator = torch.Generator(device=DEVICE).manual_seed(n)
            x1 = torch.randn(n, size.inputs, device=DEVICE, generator=generator)
            x2 = torch.randn(n, size.inputs, device=DEVICE, generator=generator)
            rounded = [(w.astype(np.float32), b.astype(np.float32)) for w, b in weights]
            reference = case.kernel(rounded, x1[: case.CORNER].cpu().numpy(), x2[: case.CORNER].cpu().numpy())
            found = contraction(params, x1, x2, outputs)[: case.CORNER, : case.CORNER].cpu().numpy()
            figures = timed(lambda: contraction(params, x1, x2, outputs), repeats=5, target=0.0)
            figures["entries_per_second"] = n * n / figures["seconds"]
            return {**figures, "error": case.relative_error(found, reference)}

        case.attempt(measure, "torch.func jacrev + einsum", "fp32", outputs, n)
        if DEVICE == "cuda":
            torch.cuda.empty_cache()


def check():
    """The reference and both timed forms of a tile, in float64, against Jacobian contraction."""
    for outputs, weights, x1, x2 in case.check_cases():
        tensor = lambda x: torch.tensor(np.ascontiguousarray(x), device=DEVICE)
        exact = contraction(parameters(weights, torch.float64), tensor(x1), tensor(x2), outputs).cpu().numpy()
        case.check(f"factor form, O = {outputs}: numpy against torch.func", case.kernel(weights, x1, x2), exact)
        (a, d), (b, e) = [[[tensor(x) for x in side] for side in case.factors(weights, x)] for x in (x1, x2)]
        scales = [1.0 / x.shape[1] for x in a]
        found = straight(outputs, "fp32", scales)(*a, *b, *d[:3], *e[:3]).cpu().numpy()
        case.check(f"factor form, O = {outputs}: torch.compile's against torch.func", found, exact)
        found = in_place(outputs, "fp32", a, scaled(b, scales), d, e)().cpu().numpy()
        case.check(f"factor form, O = {outputs}: eager against torch.func", found, exact)


def measure(size):
    if DEVICE == "cpu":
        torch.set_num_threads(1)
    measure_products(size)
    measure_tiles(size)
    measure_func(size)


def versions():
    if DEVICE == "cpu":
        return f"PyTorch {torch.__version__} on the CPU"
    return f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}"


if __name__ == "__main__":
    case.work(versions, check, measure)
