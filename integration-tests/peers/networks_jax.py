"""The networks of kernels.py as JAX functions of the same weights, and their kernels by neural-tangents.

    python networks_jax.py FOLDER KIND full|trace STRUCTURED_DERIVATIVES|JACOBIAN_CONTRACTION

FOLDER holds weights.npz and x.npy; kernel-jax.npy is written there and a JSON object with seconds and versions printed. Images
and convolutions are channels last, the layout that XLA's convolutions are made for on the CPU.
"""

import os
import sys

FLAGS = ["--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1"]
if "vit" in sys.argv:
    # XLA makes one function of a transformer, whose compilation would take hours with all passes.
    FLAGS.append("--xla_llvm_disable_expensive_passes=true")
os.environ["XLA_FLAGS"] = " ".join(FLAGS)
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import json  # noqa: E402
from pathlib import Path  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import neural_tangents as nt  # noqa: E402
import numpy as np  # noqa: E402
from jax import lax  # noqa: E402
from timing import seconds  # noqa: E402


def dense(p, name, x):
    return jnp.dot(x, p[name + ".weight"]) + p[name + ".bias"]


def conv(p, name, x, stride=1, padding=0):
    y = lax.conv_general_dilated(
        x, p[name + ".weight"], (stride, stride), [(padding, padding)] * 2, dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return y + p[name + ".bias"] if name + ".bias" in p else y


def batch_norm(p, b, name, x):
    standard = (x - b[name + ".running_mean"]) / np.sqrt(b[name + ".running_var"] + 1e-5)
    return standard * p[name + ".weight"] + p[name + ".bias"]


def layer_norm(p, name, x):
    centred = x - x.mean(-1, keepdims=True)
    standard = centred * lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return standard * p[name + ".weight"] + p[name + ".bias"]


def pooled(x, kind):
    window = (1, 2, 2, 1)
    if kind == "max":
        return lax.reduce_window(x, -np.inf, lax.max, window, window, "VALID")
    return lax.reduce_window(x, 0.0, lax.add, window, window, "VALID") / 4


def flat(x):
    """PyTorch flattens channels first."""
    return jnp.transpose(x, (0, 3, 1, 2)).reshape(x.shape[0], -1)


def mlp(p, b, x):
    x = jax.nn.relu(dense(p, "0", x))
    return dense(p, "4", jax.nn.relu(dense(p, "2", x)))


def lenet(p, b, x):
    x = pooled(jax.nn.relu(conv(p, "conv1", x, padding=2)), "mean")
    x = pooled(jax.nn.relu(conv(p, "conv2", x)), "mean")
    x = jax.nn.relu(dense(p, "fc1", flat(x)))
    return dense(p, "fc3", jax.nn.relu(dense(p, "fc2", x)))


def vgg(p, b, x):
    x = jax.nn.relu(conv(p, "conv1", x, padding=1))
    x = pooled(jax.nn.relu(conv(p, "conv2", x, padding=1)), "max")
    x = jax.nn.relu(conv(p, "conv3", x, padding=1))
    x = pooled(jax.nn.relu(conv(p, "conv4", x, padding=1)), "max")
    return dense(p, "fc2", jax.nn.relu(dense(p, "fc1", flat(x))))


def resnet18(p, b, x):
    x = jax.nn.relu(batch_norm(p, b, "bn1", conv(p, "conv1", x, 1, 1)))
    for i in range(8):
        name = f"blocks.{i}."
        stride = 2 if i in (2, 4, 6) else 1
        y = jax.nn.relu(batch_norm(p, b, name + "bn1", conv(p, name + "conv1", x, stride, 1)))
        y = batch_norm(p, b, name + "bn2", conv(p, name + "conv2", y, 1, 1))
        if name + "down.0.weight" in p:
            x = batch_norm(p, b, name + "down.1", conv(p, name + "down.0", x, stride))
        x = jax.nn.relu(x + y)
    return dense(p, "fc", x.mean((1, 2)))


def vit(p, b, x):
    x = conv(p, "patch", x, 4)
    n, w = x.shape[0], x.shape[-1]
    token = jnp.broadcast_to(p["token"], (n, 1, w))
    x = jnp.concatenate([token, x.reshape(n, -1, w)], 1) + p["position"]
    t, heads = x.shape[1], 3
    for i in range(12):
        name = f"blocks.{i}."
        qkv = dense(p, name + "qkv", layer_norm(p, name + "norm1", x)).reshape(n, t, 3, heads, w // heads)
        q, k, v = jnp.transpose(qkv, (2, 0, 3, 1, 4))
        scores = jnp.matmul(q * (w // heads) ** -0.5, jnp.swapaxes(k, -2, -1))
        mixed = jnp.matmul(jax.nn.softmax(scores, -1), v)
        x = x + dense(p, name + "proj", jnp.swapaxes(mixed, 1, 2).reshape(n, t, w))
        hidden = dense(p, name + "fc1", layer_norm(p, name + "norm2", x))
        x = x + dense(p, name + "fc2", jax.nn.gelu(hidden, approximate=False))
    return dense(p, "head", layer_norm(p, "norm", x)[:, 0])


FUNCTIONS = {"mlp": mlp, "lenet": lenet, "vgg": vgg, "resnet18": resnet18, "vit": vit}


def parameters(state):
    """Dense weights as [in, out], convolutions as [K, K, in, out]; means and variances apart."""
    p, b = {}, {}
    for name, value in state.items():
        if "running" in name:
            b[name] = value
        else:
            order = {2: (1, 0), 4: (2, 3, 1, 0)}.get(value.ndim)
            p[name] = jnp.asarray(value if order is None else value.transpose(order))
    return p, b


def main():
    folder, kind, form, implementation = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    p, b = parameters(np.load(folder / "weights.npz"))
    x = np.load(folder / "x.npy")
    x = jnp.asarray(x if x.ndim == 2 else x.transpose(0, 2, 3, 1))
    f = lambda params, samples: FUNCTIONS[kind](params, b, samples)
    ntk = nt.empirical_ntk_fn(
        f,
        trace_axes=() if form == "full" else (-1,),
        vmap_axes=0,
        implementation=getattr(nt.NtkImplementation, implementation),
    )
    run = jax.jit(lambda samples, params: ntk(samples, None, params))
    work = lambda: run(x, p).block_until_ready()
    result = np.asarray(work())
    outputs = f(p, x).shape[1]
    # neural-tangents divides a trace by the number of outputs; a full kernel has its samples first.
    result = result.transpose(2, 3, 0, 1) if form == "full" else result * outputs
    np.save(folder / "kernel-jax.npy", result)
    versions = f"JAX {jax.__version__}, neural-tangents {nt.__version__}"
    print(json.dumps({"seconds": seconds(work), "versions": versions}))


if __name__ == "__main__":
    main()
