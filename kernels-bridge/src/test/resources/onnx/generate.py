"""Exports small networks from PyTorch, with outputs and gradients in float64 to compare with.

Each network gives NAME.onnx and NAME.json beside this script:
    python generate.py [NAME ...]
The JSON file holds the versions of the tools, one row of "inputs" a sample, the "outputs" of each, a cotangent "seed",
for sample 0 the gradients of <seed, f(x)> by the input and by each parameter of the PyTorch module, and the "kernel"
K[o, p, n, m] = <df_o(x_n)/dtheta, df_p(x_m)/dtheta> over all parameters.
"""

import json
import pathlib
import sys
import warnings

import onnx
import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent


class Mlp(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 6), nn.ReLU(), nn.Linear(6, 3))


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 3, stride=1)
        self.fc1 = nn.Linear(4 * 2 * 2, 10)
        self.fc2 = nn.Linear(10, 4)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(F.pad(x, (0, 1, 1, 0)))), 2)
        return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))


class ResNetBlock(nn.Module):
    """A stem, a block with a strided convolution on the shortcut, a head: batch norms in eval mode."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1, bias=False)
        self.bn0 = nn.BatchNorm2d(4)
        self.conv1 = nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6)
        self.down = nn.Conv2d(4, 6, 1, stride=2, bias=False)
        self.bn3 = nn.BatchNorm2d(6)
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn0(self.stem(x))), 3, stride=2, padding=1)
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        y = F.relu(y + self.bn3(self.down(x)))
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(y, 1), 1))


class MobileBlock(nn.Module):
    """An inverted residual of MobileNetV2 with squeeze-and-excitation and hard swish of V3."""

    def __init__(self):
        super().__init__()
        self.expand = nn.Conv2d(3, 8, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.squeeze = nn.Conv2d(8, 2, 1)
        self.excite = nn.Conv2d(2, 8, 1)
        self.project = nn.Conv2d(8, 3, 1, bias=False)
        self.grouped = nn.Conv2d(3, 6, 3, stride=2, dilation=2, padding=2, groups=3)
        self.fc = nn.Linear(6, 2)
        self.exporting = False

    def hardsigmoid(self, x):
        # PyTorch's backward of hardsigmoid multiplies by 1/6 in float, whatever the type.
        return F.hardsigmoid(x) if self.exporting else F.relu6(x + 3) / 6

    def forward(self, x):
        y = F.relu6(self.bn1(self.expand(x)))
        y = F.hardswish(self.bn2(self.depthwise(y)))
        s = self.hardsigmoid(self.excite(F.relu(self.squeeze(F.adaptive_avg_pool2d(y, 1)))))
        x = x + self.project(y * s)
        return self.fc(F.silu(self.grouped(x)).mean((2, 3)))


class Encoder(nn.Module):
    """One layer of a transformer encoder over T = 5 positions of width 8, with two heads."""

    def __init__(self):
        super().__init__()
        self.position = nn.Parameter(torch.randn(1, 5, 8) * 0.1)
        self.norm1 = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.out = nn.Linear(8, 8)
        self.norm2 = nn.LayerNorm(8)
        self.up = nn.Linear(8, 12)
        self.down = nn.Linear(12, 8)
        self.head = nn.Linear(8, 3)
        self.register_buffer("mask", torch.full((5, 5), float("-inf")).triu(1))

    def attend(self, x):
        n = x.shape[0]
        q, k, v = self.qkv(x).reshape(n, 5, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        scores = torch.softmax(q @ k.transpose(-2, -1) / 2.0 + self.mask, -1)
        return self.out((scores @ v).transpose(1, 2).reshape(n, 5, 8))

    def forward(self, x):
        x = x + self.position
        x = x + self.attend(self.norm1(x))
        x = x + self.down(F.gelu(self.up(self.norm2(x))))
        return self.head(x.mean(1))


class Tokens(nn.Module):
    """An embedding of 4 token ids out of 11, learned positions, a library attention layer, tied output."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.position = nn.Embedding(4, 6)
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.norm = nn.LayerNorm(6)
        self.fc = nn.Linear(6, 3)

    def forward(self, ids):
        x = self.embed(ids) + self.position(torch.arange(4))
        x = self.norm(x + self.attention(x, x, x, need_weights=False)[0])
        return self.fc(x[:, -1])


class Signal(nn.Module):
    """Convolution along one axis, transposed convolution, resizing, group and instance norm, PReLU."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3, stride=2, padding=1)
        self.norm = nn.GroupNorm(2, 4)
        self.prelu = nn.PReLU(4)
        self.up = nn.ConvTranspose1d(4, 3, 4, stride=2, padding=1)
        self.inorm = nn.InstanceNorm1d(3, affine=True)
        self.last = nn.Conv1d(3, 1, 3)

    def forward(self, x):
        y = self.inorm(self.up(self.prelu(self.norm(self.conv(x)))))
        y = F.interpolate(y, scale_factor=2, mode="linear", align_corners=False)
        y = F.interpolate(y, scale_factor=2, mode="nearest")
        return self.last(y)[:, 0, ::5]


def image(*shape):
    return lambda: torch.randn(2, *shape, dtype=torch.float64)


NETWORKS = {
    "mlp": (Mlp, image(5)),
    "lenet": (LeNet, image(1, 12, 12)),
    "resnet-block": (ResNetBlock, image(2, 10, 10)),
    "mobile-block": (MobileBlock, image(3, 6, 6)),
    "encoder": (Encoder, image(5, 8)),
    "tokens": (Tokens, lambda: torch.randint(0, 11, (2, 4))),
    "signal": (Signal, image(2, 12)),
}


def randomise(module):
    """Weights and statistics as after training: none of them 0 or 1."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.4 + (0.5 if "norm" in name or "bn" in name else 0))
        for name, buffer in module.named_buffers():
            if name.endswith("running_mean"):
                buffer.copy_(torch.randn_like(buffer) * 0.3)
            if name.endswith("running_var"):
                buffer.copy_(torch.rand_like(buffer) + 0.5)


def export(module, x, path, exporter):
    if exporter == "torchscript":
        torch.onnx.export(
            module, (x[:1],), path, dynamo=False, opset_version=17, do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE, input_names=["x"], output_names=["y"],
            dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
    else:
        torch.onnx.export(
            module, (x,), path, dynamo=True, opset_version=18, optimize=False, external_data=False,
            input_names=["x"], output_names=["y"], dynamic_shapes=({0: torch.export.Dim("batch", min=1)},))
    model = onnx.load(path)
    for node in model.graph.node:  # Stack traces name folders of this machine.
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:]
    for value in list(model.graph.value_info) + list(model.graph.input) + list(model.graph.output):
        del value.metadata_props[:]
    onnx.save(model, path)


def golden(module, x):
    y = module(x)
    seed = torch.randn_like(y[0])
    one = x[:1].clone()
    if one.is_floating_point():
        one.requires_grad_()
    value = (module(one)[0] * seed).sum()
    value.backward()
    parameters = list(module.parameters())
    rows = [
        torch.cat([g.flatten() for g in torch.autograd.grad(module(x[n:n + 1])[0, o], parameters)])
        for o in range(y.shape[1]) for n in range(len(x))]
    jacobian = torch.stack(rows).reshape(y.shape[1], len(x), -1)
    kernel = torch.einsum("onk,pmk->opnm", jacobian, jacobian)
    flat = lambda t: [float(v) for v in t.detach().flatten()]
    return {
        "producer": f"torch {torch.__version__}, onnx {onnx.__version__}",
        "inputs": [flat(row) for row in x],
        "outputs": [flat(row) for row in y],
        "seed": flat(seed),
        "inputGradient": flat(one.grad) if one.is_floating_point() else [],
        "kernel": flat(kernel),
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
        module.exporting = True
        for exporter in ("torchscript", "dynamo"):
            path = HERE / f"{name}-{exporter}.onnx"
            try:
                export(module, x, str(path), exporter)
                print(path.name, path.stat().st_size, sorted({n.op_type for n in onnx.load(path).graph.node}))
            except Exception as e:
                print(path.name, "FAILED", type(e), str(e)[:500])


if __name__ == "__main__":
    main(sys.argv[1:])
