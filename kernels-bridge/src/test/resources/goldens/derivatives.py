"""Derivatives of small networks by torch.func, in double: writes derivatives.json beside this file.

    python derivatives.py

Sizes: N samples, D inputs, O outputs; a network is x W1 + b1, activation, x W2 + b2, activation, x W3 + b3.
Every quantity is a flat list, row-major, with the samples in front: see DerivativeGoldensTest.
"""

import json
import platform
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.func import grad, hessian, jacrev, jvp, vjp, vmap

torch.set_default_dtype(torch.float64)

N = 2
HIDDEN = 4
SIZES = [(4, 3), (3, 1), (1, 3), (1, 1), (3, 3)]
DELTA = 0.7
ACTIVATIONS = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "gelu": F.gelu,  # the exact one, with erf
    "softplus": F.softplus,
}
LOSSES = {
    "mse": lambda f, y: F.mse_loss(f, y),
    "binary-cross-entropy": lambda f, y: F.binary_cross_entropy_with_logits(f, y),
    "softmax-cross-entropy": lambda f, y: F.cross_entropy(f, y),
    "huber": lambda f, y: F.huber_loss(f, y, delta=DELTA),
    "hinge": lambda f, y: torch.relu(1 - y * f).mean(),
}


def network(activation):
    def f(p, x):
        for layer in (1, 2, 3):
            x = x @ p[f"W{layer}"]
            if f"b{layer}" in p:
                x = x + p[f"b{layer}"]
            if layer < 3:
                x = activation(x)
        return x

    return f


def parameters(g, d, o, bias):
    widths = [d, HIDDEN, HIDDEN, o]
    p = {}
    for layer in (1, 2, 3):
        p[f"W{layer}"] = torch.randn(widths[layer - 1], widths[layer], generator=g)
        if bias:
            p[f"b{layer}"] = 0.5 * torch.randn(widths[layer], generator=g)
    return p


def targets(g, o):
    return {
        "mse": torch.randn(N, o, generator=g),
        "binary-cross-entropy": torch.rand(N, o, generator=g),
        "softmax-cross-entropy": torch.softmax(torch.randn(N, o, generator=g), 1),
        "huber": torch.randn(N, o, generator=g),
        "hinge": torch.where(torch.rand(N, o, generator=g) < 0.5, -1.0, 1.0),
    }


def quantities(f, p, x, dx, w):
    def per_sample(function, *args):
        return vmap(function)(*args)

    result = {"output": f(p, x)}
    result["input-jacobian"] = per_sample(lambda s: jacrev(f, argnums=1)(p, s), x)
    for name, j in per_sample(lambda s: jacrev(f)(p, s), x).items():
        result[f"parameter-jacobian {name}"] = j
    h = per_sample(lambda s: hessian(f, argnums=1)(p, s), x)
    result["hessian"] = h
    result["laplacian"] = torch.einsum("noii->no", h)
    result["jvp"] = per_sample(lambda s, t: jvp(lambda z: f(p, z), (s,), (t,))[1], x, dx)
    result["vjp"] = per_sample(lambda s, c: vjp(lambda z: f(p, z), s)[1](c)[0], x, w)
    result["input-hvp"] = torch.einsum("no,noij,nj->ni", w, h, dx)
    if x.shape[1] == result["output"].shape[1]:
        sign, log = torch.linalg.slogdet(result["input-jacobian"])
        result["determinant-sign"] = sign
        result["determinant-log"] = log
        result["determinant"] = torch.linalg.det(result["input-jacobian"])
    return result


def losses(f, p, x, y, direction):
    result = {}
    for name, loss in LOSSES.items():
        one = lambda q, s, t: loss(f(q, s), t)
        result[f"{name} losses"] = vmap(lambda s, t: one(p, s, t))(x, y[name])
        gradients = vmap(lambda s, t: grad(one)(p, s, t))(x, y[name])
        squares = 0
        for parameter, g in gradients.items():
            result[f"{name} gradient {parameter}"] = g
            squares = squares + g.reshape(N, -1).square().sum(1)
        result[f"{name} norms"] = squares.sqrt()
    mean = lambda q: vmap(lambda s, t: LOSSES["mse"](f(q, s), t))(x, y["mse"]).mean()
    for parameter, h in jvp(grad(mean), (p,), (direction,))[1].items():
        result[f"parameter-hvp {parameter}"] = h
    return result


def case(activation, bias, d, o, seed):
    g = torch.Generator().manual_seed(seed)
    p = parameters(g, d, o, bias)
    x, dx = torch.randn(N, d, generator=g), torch.randn(N, d, generator=g)
    w = torch.randn(N, o, generator=g)
    y = targets(g, o)
    direction = {name: torch.randn(v.shape, generator=g) for name, v in p.items()}
    f = network(ACTIVATIONS[activation])
    q = quantities(f, p, x, dx, w) | losses(f, p, x, y, direction)
    flat = lambda values: {name: v.reshape(-1).tolist() for name, v in values.items()}
    return {
        "name": f"{activation} {d}-{HIDDEN}-{HIDDEN}-{o}{' with bias' if bias else ''}",
        "activation": activation,
        "widths": [d, HIDDEN, HIDDEN, o],
        "bias": bias,
        "seed": seed,
        "weights": flat(p),
        "direction": flat(direction),
        "data": flat({"x": x, "tangent": dx, "cotangent": w}),
        "targets": flat(y),
        "expected": flat(q),
    }


def regular(c):
    """Whether the network depends on its input and no determinant is 0 but for rounding."""
    return all(abs(v) > 1e-3 for v in c["expected"].get("determinant", [])) and any(
        abs(v) > 1e-3 for v in c["expected"]["input-jacobian"]
    )


def main():
    cases = []
    for activation in ACTIVATIONS:
        for bias in (False, True):
            for d, o in SIZES:
                seed = 1
                c = case(activation, bias, d, o, seed)
                while not regular(c):
                    seed += 1
                    c = case(activation, bias, d, o, seed)
                cases.append(c)
    lines = [json.dumps(c, separators=(",", ":")) for c in cases]
    head = {"torch": torch.__version__, "python": platform.python_version(), "samples": N, "delta": DELTA}
    text = json.dumps(head)[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n"
    Path(__file__).with_name("derivatives.json").write_text(text)


main()
