"""The networks of kernels.py as PyTorch modules, and how a kernel is formed by torch.func."""

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, jacrev, vmap
from torch.nn import functional as F


class Mlp(nn.Sequential):
    def __init__(self, outputs):
        super().__init__(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, outputs))


class LeNet(nn.Module):
    """LeNet-5 (LeCun et al. 1998) for images of 28 x 28, with ReLU and mean pooling."""

    def __init__(self, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, outputs)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(F.relu(self.fc2(x)))


class Vgg(nn.Module):
    """Four convolutions of 3 x 3 in the manner of VGG (Simonyan and Zisserman 2015) for images of 32 x 32."""

    def __init__(self, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv4 = nn.Conv2d(64, 64, 3, padding=1)
        self.fc1 = nn.Linear(4096, 128)
        self.fc2 = nn.Linear(128, outputs)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        x = F.max_pool2d(F.relu(self.conv4(F.relu(self.conv3(x)))), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))


class Block(nn.Module):
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
    """ResNet-18 (He et al. 2016) for images of 32 x 32: a stem of 3 x 3 and no pooling behind it."""

    def __init__(self, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        blocks, c = [], 64
        for i in range(4):
            f = 64 << i
            blocks += [Block(c, f, 1 if i == 0 else 2), Block(f, f, 1)]
            c = f
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(c, outputs)

    def forward(self, x):
        return self.fc(self.blocks(F.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


class VitBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        n, t, w = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q * (w // self.heads) ** -0.5) @ k.transpose(-2, -1)
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(n, t, w)
        x = x + self.proj(mixed)
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class Vit(nn.Module):
    """ViT-Ti (Touvron et al. 2021) for images of 32 x 32 in patches of 4 x 4."""

    def __init__(self, outputs):
        super().__init__()
        self.patch = nn.Conv2d(3, 192, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, 192))
        self.position = nn.Parameter(torch.zeros(1, 65, 192))
        self.blocks = nn.ModuleList(VitBlock(192, 3) for _ in range(12))
        self.norm = nn.LayerNorm(192)
        self.head = nn.Linear(192, outputs)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


MODULES = {"mlp": Mlp, "lenet": LeNet, "vgg": Vgg, "resnet18": ResNet18, "vit": Vit}


def module(kind, outputs):
    """The network in eval mode. No weight stays 0 or 1, so that the exporter takes none for another."""
    torch.manual_seed(7)
    net = MODULES[kind](outputs)
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.dim() == 1 or name in ("token", "position"):
                p.add_(0.1 * torch.randn_like(p))
        for name, b in net.named_buffers():
            if name.endswith("running_mean"):
                b.copy_(0.1 * torch.randn_like(b))
            if name.endswith("running_var"):
                b.copy_(0.5 + torch.rand_like(b))
    return net.eval()


def export(net, x, path):
    """As docs/export-from-pytorch.md says: every parameter stays what it is."""
    torch.onnx.export(
        net, (x[:1],), path, dynamo=False, opset_version=17, do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE, input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})


def kernel(net, x, full):
    """Jacobian contraction, layer by layer, as the NTK tutorial of PyTorch does it."""
    params = {name: p.detach() for name, p in net.named_parameters()}
    buffers = dict(net.named_buffers())
    one = lambda p, sample: functional_call(net, (p, buffers), (sample[None],))[0]
    expression = "Naf,Mbf->abNM" if full else "Naf,Maf->NM"

    def run():
        jacobians = vmap(jacrev(one), (None, 0))(params, x)
        result = 0
        for name in list(jacobians):
            j = jacobians.pop(name).flatten(2)
            result = result + torch.einsum(expression, j, j)
        return result

    return run


def numpy_state(net):
    return {name: value.numpy() for name, value in net.state_dict().items() if value.dtype == torch.float32}


def versions():
    return f"PyTorch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), numpy {np.__version__}"
