"""Numbers of a network in float64 from PyTorch's autograd, for the generators of ../onnx and ../keras.

golden() gives what a test reads from NAME.json. Letters: N samples, D features, O outputs, P parameters.
    producer         versions of the tools
    parameterCount   P
    inputs, outputs  a row a sample, [N, D] and [N, O]
    kernel           K[o, p, n, m] = <df_o(x_n)/dtheta, df_p(x_m)/dtheta> over all parameters, in full
    seed             a cotangent [O]; parameters and inputGradient are the gradients of <seed, f(x_0)>
    inputJacobian    df_o(x_n)/dx_n, a row [O, D] a sample; empty for token ids
    lossGradient     by each parameter, of the SUM over the samples of the softmax cross-entropy of f(x_n) and class n % O
    hvp              H v by all parameters together, of the MEAN of that loss; v_i = wave(i) in each parameter
    inputHvp         H v by the inputs [N, D], of the mean; v_i = wave(i); empty for token ids
    many             the trace kernel K[n, m] of MANY samples of drawn(): its "diagonal", its "product" with wave, its
                     "mean" magnitude; "ids" is the number of token ids, 0 for real features
An array of more than FULL numbers is kept as {"first", "norm", "wave"}: a_0, |a| and sum_i a_i wave(i), where wave(i) = sin(1 + i).
"""

import numpy as np
import torch
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

FULL = 64
FULL_JACOBIAN = 1500
MANY = 100


def flat(t):
    return [float(v) for v in t.detach().flatten()]


def wave(t):
    return torch.sin(1 + torch.arange(t.numel(), dtype=torch.float64)).reshape(t.shape)


def short(t, full=FULL):
    t = t.detach()
    if t.numel() <= full:
        return flat(t)
    return {"first": float(t.flatten()[0]), "norm": float(t.norm()), "wave": float((t * wave(t)).sum())}


def drawn(count, shape, ids):
    """Samples by a formula: 24 bits of SplitMix64 (Steele, Lea, Flood 2014) an element, exact in float."""
    with np.errstate(over="ignore"):
        z = np.arange(1, count * int(np.prod(shape)) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = ((z ^ (z >> np.uint64(31))) >> np.uint64(40)).astype(np.int64)
    z = torch.tensor(z % ids if ids else (z - 2**23) / 2**22)
    return z.reshape(count, *shape)


def jacobian(network, parameters, x):
    """[O, N, P], one reverse pass a row."""
    rows = []
    for n in range(len(x)):
        y = network(x[n:n + 1]).flatten()
        for o in range(len(y)):
            g = torch.autograd.grad(y[o], parameters, retain_graph=True, allow_unused=True)
            rows.append(torch.cat([(torch.zeros_like(p) if v is None else v).flatten() for v, p in zip(g, parameters)]))
    return torch.stack(rows).reshape(len(x), -1, rows[0].numel()).transpose(0, 1)


def loss(network, x):
    y = network(x).flatten(1)
    return F.cross_entropy(y, torch.arange(len(x)) % y.shape[1], reduction="sum")


def hessian_vector(value, wrt):
    g = torch.autograd.grad(value, wrt, create_graph=True)
    product = sum((a * wave(a)).sum() for a in g)
    h = torch.autograd.grad(product, wrt, allow_unused=True) if product.requires_grad else [None] * len(wrt)
    return [torch.zeros_like(a) if b is None else b for a, b in zip(wrt, h)]


def many(network, parameters, shape, ids):
    j = jacobian(network, parameters, drawn(MANY, shape, ids))
    k = torch.einsum("onk,omk->nm", j, j)
    return {"ids": ids, "mean": float(k.abs().mean()), "diagonal": flat(k.diagonal()), "product": flat(k @ wave(k[0]))}


@sdpa_kernel(SDPBackend.MATH)  # The others have no second derivative.
def golden(producer, network, parameters, x, seed, ids=0):
    """`network` maps [N, ...] to [N, ...]; `parameters` are its leaves by name; `ids` counts token ids, 0 for real x."""
    wrt = list(parameters.values())
    real = x.clone().requires_grad_() if not ids else x
    y = network(real)
    pulled = torch.autograd.grad((y[0] * seed).sum(), wrt + ([] if ids else [real]), retain_graph=True)
    columns = [] if ids else [
        torch.autograd.grad(y[n].flatten()[o], real, retain_graph=True)[0][n].flatten()
        for n in range(len(x)) for o in range(y[0].numel())]
    rows = torch.stack(columns).reshape(len(x), -1) if columns else []
    j = jacobian(network, wrt, x)
    by_loss = torch.autograd.grad(loss(network, x), wrt)
    by_name = lambda values: {name: short(v) for name, v in zip(parameters, values)}
    return {
        "producer": producer,
        "parameterCount": sum(p.numel() for p in wrt),
        "inputs": [flat(row) for row in x],
        "outputs": [flat(row) for row in y],
        "kernel": flat(torch.einsum("onk,pmk->opnm", j, j)),
        "seed": flat(seed),
        "parameters": by_name(pulled),
        "inputGradient": [] if ids else short(pulled[-1][0], FULL_JACOBIAN),
        "inputJacobian": [short(row, FULL_JACOBIAN) for row in rows],
        "lossGradient": by_name(by_loss),
        "hvp": by_name(hessian_vector(loss(network, x) / len(x), wrt)),
        "inputHvp": [] if ids else short(hessian_vector(loss(network, real) / len(x), [real])[0], FULL_JACOBIAN),
        "many": many(network, wrt, x.shape[1:], ids),
    }
