"""Exports networks of several inputs, or with a batch that is not first, as generate.py does others.

    python inputs.py [NAME ...]
A row of "inputs" has the numbers of all real inputs, then those of all integer ones, each input row-major. "inputGradient"
is by the real ones.
"""

import json
import sys
import warnings

import onnx
import torch
from generate import HERE, randomise, save
from torch import nn


class Conditioned(nn.Module):
    """An image and a vector that scales and shifts its channels (Perez et al. 2018)."""

    names = ["image", "condition"]

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2)
        self.film = nn.Linear(3, 8)
        self.fc = nn.Linear(4, 3)

    def forward(self, image, condition):
        scale, shift = self.film(condition).chunk(2, -1)
        y = torch.tanh(self.conv(image) * scale[:, :, None, None] + shift[:, :, None, None])
        return self.fc(y.mean((2, 3)))


class Masked(nn.Module):
    """Token ids, and a mask that weighs their attention: the file has the integers first."""

    names = ["ids", "mask"]

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.qk = nn.Linear(6, 12)
        self.norm = nn.LayerNorm(6)
        self.fc = nn.Linear(6, 3)

    def forward(self, ids, mask):
        x = self.embed(ids)
        q, k = self.qk(x).chunk(2, -1)
        scores = q @ k.transpose(-2, -1) / 2.0 + (1 - mask[:, None, :]) * -4.0
        x = self.norm(x + torch.softmax(scores, -1) @ x)
        return self.fc((x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True))


class TimeFirst(nn.Module):
    """A sequence of 5 steps of 3 numbers with the batch as the second axis, as recurrent networks take it."""

    names = ["x"]
    axis = 1

    def __init__(self):
        super().__init__()
        self.up = nn.Linear(3, 6)
        self.down = nn.Linear(6, 2)

    def forward(self, x):
        h = torch.tanh(self.up(x))
        return self.down(h + h.mean(0, keepdim=True))[:2]


def decimal(*shape):
    return torch.randn(2, *shape, dtype=torch.float64).mul(100).round().div(100)


NETWORKS = {
    "conditioned": (Conditioned, lambda: (decimal(1, 6, 6), decimal(3))),
    "masked": (
        Masked, lambda: (torch.randint(0, 11, (2, 4)), torch.rand(2, 4, dtype=torch.float64).mul(100).round().div(100))),
    "time-first": (TimeFirst, lambda: (decimal(5, 3),)),
}


def outputs(module, x):
    """[N, O] of inputs that have the sample first."""
    axis = getattr(module, "axis", 0)
    return module(*(t.movedim(0, axis) for t in x)).movedim(axis, 0).flatten(1)


def golden(module, x):
    y = outputs(module, x)
    seed = torch.randn_like(y[0])
    one = [t[:1].clone().requires_grad_(t.is_floating_point()) for t in x]
    (outputs(module, one)[0] * seed).sum().backward()
    parameters = list(module.parameters())
    rows = [
        torch.cat([g.flatten() for g in torch.autograd.grad(outputs(module, [t[n:n + 1] for t in x])[0, o], parameters)])
        for o in range(y.shape[1]) for n in range(2)]
    jacobian = torch.stack(rows).reshape(y.shape[1], 2, -1)
    flat = lambda t: [float(v) for v in t.detach().flatten()]
    packed = sorted(x, key=lambda t: not t.is_floating_point())
    return {
        "producer": f"torch {torch.__version__}, onnx {onnx.__version__}",
        "inputs": [sum((flat(t[n]) for t in packed), []) for n in range(2)],
        "outputs": [flat(row) for row in y],
        "seed": flat(seed),
        "inputGradient": sum((flat(t.grad) for t in one if t.is_floating_point()), []),
        "kernel": flat(torch.einsum("onk,pmk->opnm", jacobian, jacobian)),
        "parameters": {name: flat(p.grad) for name, p in module.named_parameters()},
    }


def main(names):
    warnings.filterwarnings("ignore")
    for name, (network, draw) in NETWORKS.items():
        if names and name not in names:
            continue
        torch.manual_seed(7)
        module = network().double().eval()
        randomise(module)
        x = draw()
        (HERE / f"{name}.json").write_text(json.dumps(golden(module, x)) + "\n")
        axis = getattr(module, "axis", 0)
        path = str(HERE / f"{name}-torchscript.onnx")
        torch.onnx.export(
            module, tuple(t[:1].movedim(0, axis) for t in x), path, dynamo=False, opset_version=17,
            do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE, input_names=module.names,
            output_names=["y"], dynamic_axes={n: {axis: "batch"} for n in module.names + ["y"]})
        save(path)
        print(path, sorted({n.op_type for n in onnx.load(path).graph.node}))


if __name__ == "__main__":
    main(sys.argv[1:])
