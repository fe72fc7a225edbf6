"""Exports small networks from PyTorch, with outputs and gradients in float64 to compare with.

Each network gives NAME.onnx and NAME.json beside this script:
    python generate.py [NAME ...]
What the JSON file holds is told in ../goldens/network.py.
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
sys.path.append(str(HERE.parent / "goldens"))

from network import golden  # noqa: E402


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


class BasicBlock(nn.Module):
    def __init__(self, c, f, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, f, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(f)
        self.conv2 = nn.Conv2d(f, f, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(f)
        self.down = None
        if stride != 1 or c != f:
            self.down = nn.Sequential(nn.Conv2d(c, f, 1, stride, bias=False), nn.BatchNorm2d(f))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))


class ResNet18(nn.Module):
    """The layers of ResNet-18 (He et al. 2016) at width 2 instead of 64."""

    def __init__(self, width=2):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        layers = []
        c = width
        for i in range(4):
            f = width << i
            layers += [BasicBlock(c, f, 1 if i == 0 else 2), BasicBlock(f, f, 1)]
            c = f
        self.layers = nn.Sequential(*layers)
        self.fc = nn.Linear(c, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(self.layers(x), (1, 1)), 1))


class InvertedResidual(nn.Sequential):
    def __init__(self, c, f, stride, expand):
        h = c * expand
        super().__init__(
            nn.Conv2d(c, h, 1, bias=False), nn.BatchNorm2d(h), nn.ReLU6(),
            nn.Conv2d(h, h, 3, stride, 1, groups=h, bias=False), nn.BatchNorm2d(h), nn.ReLU6(),
            nn.Conv2d(h, f, 1, bias=False), nn.BatchNorm2d(f))
        self.residual = stride == 1 and c == f

    def forward(self, x):
        y = super().forward(x)
        return x + y if self.residual else y


class MobileNetV2(nn.Sequential):
    """Stem, inverted residuals (Sandler et al. 2018), head: few of each and narrow."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU6(),
            InvertedResidual(4, 4, 1, 2), InvertedResidual(4, 6, 2, 3), InvertedResidual(6, 6, 1, 3),
            nn.Conv2d(6, 10, 1, bias=False), nn.BatchNorm2d(10), nn.ReLU6(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(10, 3))


class ConvNextBlock(nn.Module):
    """Patchify stem, one block with layer scale (Liu et al. 2022), head."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 2, 2)
        self.norm0 = nn.LayerNorm(6)
        self.dwconv = nn.Conv2d(6, 6, 7, padding=3, groups=6)
        self.norm = nn.LayerNorm(6, eps=1e-6)
        self.pwconv1 = nn.Linear(6, 12)
        self.pwconv2 = nn.Linear(12, 6)
        self.gamma = nn.Parameter(torch.ones(6))
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        x = self.norm0(self.stem(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        y = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
        y = self.gamma * self.pwconv2(F.gelu(self.pwconv1(y)))
        return self.head((x + y.permute(0, 3, 1, 2)).mean([-2, -1]))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)
        self.heads, self.causal = heads, causal

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).chunk(3, -1)
        q, k, v = (z.view(b, t, self.heads, d // self.heads).transpose(1, 2) for z in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        x = x + self.proj(y.transpose(1, 2).reshape(b, t, d))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh" if self.causal else "none"))


class ViT(nn.Module):
    """Patches, class token, learned positions, two blocks (Dosovitskiy et al. 2021)."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, 8))
        self.position = nn.Parameter(torch.zeros(1, 5, 8))
        self.blocks = nn.ModuleList(TransformerBlock(8, 2, False) for _ in range(2))
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Gpt(nn.Module):
    """Causal blocks over 5 tokens of 11, the output tied to the embedding (Radford et al. 2019)."""

    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(11, 8)
        self.wpe = nn.Embedding(5, 8)
        self.blocks = nn.ModuleList(TransformerBlock(8, 2, True) for _ in range(2))
        self.norm = nn.LayerNorm(8)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return (self.norm(x) @ self.wte.weight.T)[:, -1]


class UNet(nn.Module):
    """Down, up by a transposed convolution and by resizing, joined with what was before."""

    def __init__(self):
        super().__init__()
        self.in1 = nn.Conv2d(1, 3, 3, padding=1)
        self.in2 = nn.Conv2d(3, 4, 3, padding=1)
        self.in3 = nn.Conv2d(4, 5, 3, padding=1)
        self.up1 = nn.ConvTranspose2d(5, 4, 2, 2)
        self.out1 = nn.Conv2d(8, 3, 3, padding=1)
        self.out2 = nn.Conv2d(6, 1, 1)

    def forward(self, x):
        a = F.leaky_relu(self.in1(x), 0.1)
        b = F.elu(self.in2(F.max_pool2d(a, 2)))
        c = F.softplus(self.in3(F.avg_pool2d(b, 2)))
        y = F.silu(self.out1(torch.cat([b, self.up1(c)], 1)))
        y = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=True)
        return torch.sigmoid(self.out2(torch.cat([a, y], 1))[:, 0, ::4, ::4])


class Vgg(nn.Module):
    """Stacks of 3 x 3 convolutions between poolings, two hidden layers with dropout (Simonyan, Zisserman 2015)."""

    def __init__(self):
        super().__init__()
        layers, c = [], 3
        for f in (2, "pool", 3, "pool", 4, 4, "pool"):
            layers += [nn.MaxPool2d(2, 2)] if f == "pool" else [nn.Conv2d(c, f, 3, padding=1), nn.ReLU(inplace=True)]
            c = c if f == "pool" else f
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(
            nn.Linear(16, 10), nn.ReLU(True), nn.Dropout(), nn.Linear(10, 10), nn.ReLU(True), nn.Dropout(), nn.Linear(10, 3))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Bottleneck(nn.Module):
    def __init__(self, c, f, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, f, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(f)
        self.conv2 = nn.Conv2d(f, f, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(f)
        self.conv3 = nn.Conv2d(f, 4 * f, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * f)
        self.downsample = None
        if stride != 1 or c != 4 * f:
            self.downsample = nn.Sequential(nn.Conv2d(c, 4 * f, 1, stride, bias=False), nn.BatchNorm2d(4 * f))

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


class ResNet50(nn.Module):
    """All sixteen bottlenecks of ResNet-50 (He et al. 2016), of one channel each, where it has 64 to 512."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        layers, c = [], 2
        for i, blocks in enumerate((3, 4, 6, 3)):
            for j in range(blocks):
                layers.append(Bottleneck(c, 1, 2 if j == 0 and i > 0 else 1))
                c = 4
        self.layers = nn.Sequential(*layers)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(self.layers(x), (1, 1)), 1))


class BertLayer(nn.Module):
    """Norms behind the sums, separate projections of queries, keys and values."""

    def __init__(self, width, heads):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.intermediate = nn.Linear(width, 2 * width)
        self.dense = nn.Linear(2 * width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(0.1)
        self.heads = heads

    def split(self, x):
        return x.view(*x.shape[:2], self.heads, -1).permute(0, 2, 1, 3)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(q, k.transpose(-1, -2)) / q.shape[-1] ** 0.5
        y = torch.matmul(self.dropout(torch.softmax(scores, -1)), v).permute(0, 2, 1, 3).contiguous()
        x = self.norm1(x + self.dropout(self.output(y.view(x.shape))))
        return self.norm2(x + self.dropout(self.dense(F.gelu(self.intermediate(x)))))


class Bert(nn.Module):
    """
    Embeddings of tokens, positions and a segment, two layers, the pooled first token (Devlin et al. 2019).

    Heads are 4 wide, since the dynamo exporter rounds the root of the width to float.
    """

    def __init__(self):
        super().__init__()
        self.word = nn.Embedding(13, 8)
        self.position = nn.Embedding(6, 8)
        self.segment = nn.Embedding(2, 8)
        self.norm = nn.LayerNorm(8, eps=1e-12)
        self.layers = nn.ModuleList(BertLayer(8, 2) for _ in range(2))
        self.pooler = nn.Linear(8, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, ids):
        x = self.word(ids) + self.position(torch.arange(6)) + self.segment(torch.zeros_like(ids))
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        return self.head(torch.tanh(self.pooler(x[:, 0])))


class Reparametrised(nn.Module):
    """
    Weights that are computed from parameters: a norm and a direction, positive numbers, exponents, one factor.

    The first is written out: second derivatives of torch.nn.utils.parametrizations.weight_norm are wrong in PyTorch 2.11 (checked
    against finite differences).
    """

    def __init__(self):
        super().__init__()
        self.length = nn.Parameter(torch.zeros(6, 1))
        self.direction = nn.Parameter(torch.zeros(6, 4))
        self.bias = nn.Parameter(torch.zeros(6))
        self.raw = nn.Parameter(torch.zeros(5, 6))
        self.log_scale = nn.Parameter(torch.zeros(5))
        self.head = nn.Linear(5, 3)
        self.gain = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        weight = self.length * self.direction / self.direction.norm(dim=1, keepdim=True)
        h = F.linear(torch.tanh(F.linear(x, weight, self.bias)), F.softplus(self.raw))
        return self.head(torch.tanh(h * torch.exp(self.log_scale))) * self.gain


class Lstm(nn.Module):
    """Two bidirectional layers over 5 steps of 3 numbers, the last step to a linear layer."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


class Gru(nn.Module):
    """Two layers, the state at the end to a linear layer."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4, num_layers=2, batch_first=True)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(self.gru(x)[1][-1])


class Rnn(nn.Module):
    """A layer with ReLU both ways and one with tanh that starts from a trained state; the mean of all steps to a linear layer."""

    def __init__(self):
        super().__init__()
        self.first = nn.RNN(3, 4, nonlinearity="relu", bidirectional=True, batch_first=True)
        self.second = nn.RNN(8, 5, bias=False, batch_first=True)
        self.start = nn.Parameter(torch.zeros(1, 1, 5))
        self.fc = nn.Linear(5, 3)

    def forward(self, x):
        y = self.first(x)[0]
        return self.fc(self.second(y, self.start.expand(-1, x.shape[0], -1).contiguous())[0].mean(1))


def image(*shape):
    # Few digits, so that the file is short.
    return lambda: torch.randn(2, *shape, dtype=torch.float64).mul(100).round().div(100)


def tokens(ids, length):
    return lambda: torch.randint(0, ids, (2, length))


# The number of token ids, 0 for real features.
IDS = {"tokens": 11, "gpt": 11, "bert": 13}

NETWORKS = {
    "mlp": (Mlp, image(5)),
    "lenet": (LeNet, image(1, 12, 12)),
    "resnet-block": (ResNetBlock, image(2, 10, 10)),
    "mobile-block": (MobileBlock, image(3, 6, 6)),
    "encoder": (Encoder, image(5, 8)),
    "tokens": (Tokens, tokens(11, 4)),
    "signal": (Signal, image(2, 12)),
    "resnet18": (ResNet18, image(3, 32, 32)),
    "mobilenetv2": (MobileNetV2, image(3, 16, 16)),
    "convnext-block": (ConvNextBlock, image(3, 10, 10)),
    "vit": (ViT, image(3, 8, 8)),
    "gpt": (Gpt, tokens(11, 5)),
    "unet": (UNet, image(1, 8, 8)),
    "vgg": (Vgg, image(3, 16, 16)),
    "resnet50": (ResNet50, image(3, 32, 32)),
    "bert": (Bert, tokens(13, 6)),
    "reparametrised": (Reparametrised, image(4)),
    "lstm": (Lstm, image(5, 3)),
    "gru": (Gru, image(5, 3)),
    "rnn": (Rnn, image(5, 3)),
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


def save(path):
    model = onnx.load(path)
    for node in model.graph.node:  # Stack traces name folders of this machine.
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:]
    for value in list(model.graph.value_info) + list(model.graph.input) + list(model.graph.output):
        kinds = [p for p in value.metadata_props if p.key.endswith("InputSpec.kind")]
        del value.metadata_props[:]
        value.metadata_props.extend(kinds)
    onnx.save(model, path)


# optimize=False and do_constant_folding=False: else batch norms are multiplied into the convolutions before them, and
# weights are transposed under new names.
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
    save(path)


def export_folded(module, x, path):
    """As many export: folding writes a tied weight a second time, transposed, and the gates of an LSTM in ONNX's order."""
    torch.onnx.export(
        module, (x[:1],), path, dynamo=False, opset_version=17, do_constant_folding=True, input_names=["x"],
        output_names=["y"], dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
    save(path)


def producer():
    return f"torch {torch.__version__}, onnx {onnx.__version__}"


def main(names):
    warnings.filterwarnings("ignore")
    for name, (network, draw) in NETWORKS.items():
        if names and name not in names:
            continue
        torch.manual_seed(7)
        module = network().double().eval()
        randomise(module)
        x = draw()
        seed = torch.randn_like(module(x)[0])
        numbers = golden(producer(), module, dict(module.named_parameters()), x, seed, IDS.get(name, 0))
        (HERE / f"{name}.json").write_text(json.dumps(numbers) + "\n")
        module.exporting = True
        for exporter in ("torchscript", "dynamo"):
            path = HERE / f"{name}-{exporter}.onnx"
            try:
                export(module, x, str(path), exporter)
                print(path.name, path.stat().st_size, sorted({n.op_type for n in onnx.load(path).graph.node}))
            except Exception as e:
                print(path.name, "FAILED", type(e), str(e)[:500])
        if name in ("gpt", "lstm"):
            export_folded(module, x, str(HERE / f"{name}-folded.onnx"))


if __name__ == "__main__":
    main(sys.argv[1:])
