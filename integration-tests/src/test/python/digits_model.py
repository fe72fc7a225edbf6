"""The network of a Deeplearning4j archive in PyTorch, float64: a second reading of the file that shares no code with ours."""

import io
import json
import struct
import zipfile

import numpy as np
import torch

RELU = "org.nd4j.linalg.activations.impl.ActivationReLU"


def read_buffer(stream):
    """One ND4J buffer: UTF mode, int64 length, UTF type, numbers; all big endian."""
    utf = lambda: stream.read(struct.unpack(">H", stream.read(2))[0]).decode()
    utf()
    length = struct.unpack(">q", stream.read(8))[0]
    dtype = np.dtype({"LONG": ">i8", "FLOAT": ">f4", "DOUBLE": ">f8"}[utf()])
    return np.frombuffer(stream.read(length * dtype.itemsize), dtype)


def load(path):
    """Layers [(W [in, out], b [out], relu?)] of a network of dense layers; the last one without its activation."""
    with zipfile.ZipFile(path) as archive:
        confs = json.loads(archive.read("configuration.json"))["confs"]
        stream = io.BytesIO(archive.read("coefficients.bin"))
    read_buffer(stream)  # the shape
    flat = torch.from_numpy(read_buffer(stream).astype(np.float64))
    layers, at = [], 0
    for i, conf in enumerate(confs):
        layer = conf["layer"]
        n, m = layer["nin"], layer["nout"]
        w = flat[at : at + n * m].reshape(m, n).T.contiguous()  # stored column by column
        b = flat[at + n * m : at + n * m + m]
        at += n * m + m
        relu = layer["activationFn"]["@class"] == RELU
        assert relu or i + 1 == len(confs), "only ReLU between layers"
        layers.append((w, b, relu))
    assert at == len(flat)
    return layers


def parameters(layers):
    """The parameters in the model's order: 0_W, 0_b, 1_W, ..."""
    return tuple(p for w, b, _ in layers for p in (w, b))


def logits(params, x):
    """f(x) [O] of one sample x [D]; ReLU between layers, nothing after the last."""
    last = len(params) // 2 - 1
    for i in range(last + 1):
        x = x @ params[2 * i] + params[2 * i + 1]
        if i < last:
            x = torch.relu(x)  # derivative 0 at 0, as ours
    return x


def jacobian(params, x):
    """J [N, O, P], by reverse mode for each sample; columns in the order of the parameters, row-major."""
    blocks = torch.func.vmap(torch.func.jacrev(logits), (None, 0))(params, x)
    return torch.cat([b.reshape(b.shape[0], b.shape[1], -1) for b in blocks], 2)


def preactivations(params, x):
    """All hidden values before their ReLU, [N, units], in the type of the arguments."""
    found = []
    for i in range(len(params) // 2 - 1):
        x = x @ params[2 * i] + params[2 * i + 1]
        found.append(x)
        x = torch.relu(x)
    return torch.cat(found, 1)


def kernel(left, right, kind):
    """K of two Jacobians [N, O, P] and [M, O, P]; full is [N, O, M, O], per-output [O, N, M]."""
    outputs = left.shape[1]
    if kind == "trace":
        return left.flatten(1) @ right.flatten(1).T
    if kind == "sum":
        return (left.sum(1) @ right.sum(1).T) / outputs
    if kind == "per-output":
        return torch.einsum("nop,mop->onm", left, right)
    if kind == "full":
        k = left.flatten(0, 1) @ right.flatten(0, 1).T
        return k.reshape(left.shape[0], outputs, right.shape[0], outputs)
    raise ValueError(kind)
