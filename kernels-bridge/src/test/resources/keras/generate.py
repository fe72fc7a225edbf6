"""Saves small networks with Keras on PyTorch, with outputs and gradients in float64 to compare with.

Each network gives NAME.keras, NAME.h5 and NAME.json beside this script:
    KERAS_BACKEND=torch python generate.py [NAME ...]
What the JSON file holds is told in ../goldens/network.py; the parameters are Keras's trainable variables.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import h5py
import keras
import numpy as np
import torch
from keras import layers as L
from keras.src.backend.common import dtypes

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "goldens"))

from network import golden  # noqa: E402

SAMPLES = 3

# The number of token ids, 0 for real features.
IDS = {"tokens": 9, "transformer": 11, "ways": 7}


def mlp():
    return keras.Sequential(
        [
            keras.Input((5,)),
            L.Rescaling(0.5, offset=0.25),
            L.Dense(7, activation="tanh", name="first"),
            L.Dropout(0.3),
            L.BatchNormalization(),
            L.Dense(6, activation="gelu", use_bias=False),
            L.LayerNormalization(),
            L.Dense(3, activation="softmax", name="last"),
        ]
    )


def lenet():
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            L.Conv2D(4, 3, padding="same", activation="relu"),
            L.MaxPooling2D(2, padding="same"),
            L.Conv2D(6, (3, 2), strides=(1, 2), activation="tanh"),
            L.AveragePooling2D((2, 2), strides=1, padding="same"),
            L.ZeroPadding2D(((1, 0), (0, 2))),
            L.Cropping2D(((0, 1), (1, 0))),
            L.Flatten(),
            L.Dense(5, activation="elu"),
            L.Dense(4),
        ]
    )


def resnet():
    x = i = keras.Input((8, 8, 3))
    x = L.Conv2D(4, 3, padding="same", use_bias=False, name="stem")(x)
    x = L.ReLU()(L.BatchNormalization(name="stem_bn")(x))
    y = L.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)
    y = L.ReLU(max_value=6.0)(L.BatchNormalization(scale=False)(y))
    y = L.Conv2D(6, 3, padding="same", use_bias=False)(y)
    y = L.BatchNormalization(center=False)(y)
    x = L.Add()([y, L.Conv2D(6, 1, strides=2, use_bias=False, name="shortcut")(x)])
    x = L.GlobalAveragePooling2D()(L.LeakyReLU(negative_slope=0.1)(x))
    return keras.Model(i, L.Dense(3)(x))


def mobile():
    x = i = keras.Input((7, 7, 3))
    x = L.Conv2D(4, 1, activation="relu6")(x)
    x = L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2)(x)
    x = L.Activation("hard_silu")(L.BatchNormalization()(x))
    x = L.SeparableConv2D(6, 3, padding="same", activation="silu")(x)
    x = L.Conv2D(6, 3, groups=3, dilation_rate=2, padding="same")(x)
    s = L.Dense(6, activation="sigmoid")(L.GlobalMaxPooling2D(keepdims=True)(x))
    x = L.Multiply()([x, s])
    x = L.PReLU(shared_axes=[1, 2])(L.GroupNormalization(groups=3)(x))
    return keras.Model(i, L.Dense(2)(L.Flatten()(x)))


def branches():
    i = keras.Input((6,))
    shared = L.Dense(4, activation="tanh", name="shared")
    a = shared(i)
    b = shared(L.Dense(6, activation="softplus")(i))
    inner = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="selu"), L.Dense(4)], name="inner")
    c = inner(a)
    d = L.Dot(axes=1, normalize=True)([a, b])
    x = L.Concatenate()([L.Subtract()([a, b]), L.Average()([b, c]), L.Maximum()([a, c]), d])
    x = L.UnitNormalization()(x)
    frozen = L.Dense(5, trainable=False, name="frozen")
    return keras.Model(i, L.Dense(3, activation="sigmoid")(frozen(x)))


def tokens():
    i = keras.Input((6,), dtype="int32")
    x = L.Embedding(9, 4)(i)
    y = L.MultiHeadAttention(2, 3, name="attention")(x, x)
    x = L.LayerNormalization()(L.Add()([x, y]))
    y = L.MultiHeadAttention(2, 2, value_dim=3, use_bias=False)(x, x, use_causal_mask=True)
    y = L.RMSNormalization()(L.Add()([x, y]))
    y = L.TimeDistributed(L.Dense(5, activation="gelu"))(y)
    y = L.Dense(4)(y)
    x = L.GlobalAveragePooling1D()(L.Add()([x, y]))
    return keras.Model(i, L.Dense(3)(x))


def signal():
    return keras.Sequential(
        [
            keras.Input((10, 2)),
            L.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="swish"),
            L.MaxPooling1D(2),
            L.SeparableConv1D(3, 3, activation="mish"),
            L.UpSampling1D(2),
            L.Conv1DTranspose(3, 3, strides=2),
            L.Permute((2, 1)),
            L.Reshape((-1, 3)),
            L.AveragePooling1D(2),
            L.Flatten(),
            L.Dense(2),
        ]
    )


def unet():
    x = i = keras.Input((6, 6, 2))
    a = L.Conv2D(3, 3, padding="same", activation="softsign")(x)
    x = L.Conv2D(4, 3, padding="same", activation="log_sigmoid")(L.MaxPooling2D()(a))
    x = L.Conv2DTranspose(3, 2, strides=2, padding="same", activation="leaky_relu")(x)
    x = L.Concatenate()([a, L.UpSampling2D(1)(x)])
    x = L.Rescaling(0.125)(x)  # The exponential of a large number has few digits in float.
    x = L.Conv2D(2, 1, activation="exponential")(x)
    return keras.Model(i, L.Flatten()(L.Cropping2D(2)(L.Softmax(axis=-1)(x))))


def transformer():
    """Two blocks over 5 tokens, without what tf2onnx cannot convert: gelu, TimeDistributed, factors that are none in float."""
    i = keras.Input((5,), dtype="int32")
    x = L.Embedding(11, 6)(i)
    for causal in (False, True):
        y = L.LayerNormalization()(x)
        x = L.Add()([x, L.MultiHeadAttention(2, 4)(y, y, use_causal_mask=causal)])
        y = L.Dense(8, activation="silu")(L.LayerNormalization()(x))
        x = L.Add()([x, L.Dense(6)(y)])
    return keras.Model(i, L.Dense(3)(L.GlobalAveragePooling1D()(L.LayerNormalization()(x))))


def mobilenet():
    """Stem, two inverted residuals, head: batch norms, depthwise convolutions, paddings of strides as MobileNetV2 has them."""
    x = i = keras.Input((12, 12, 3))
    x = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(x)
    x = L.ReLU(max_value=6.0)(L.BatchNormalization()(x))
    for width, strides in ((4, 1), (6, 2)):
        y = L.Conv2D(8, 1, use_bias=False)(x)
        y = L.ReLU(max_value=6.0)(L.BatchNormalization()(y))
        if strides == 2:
            y = L.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = L.DepthwiseConv2D(3, strides=strides, padding="same" if strides == 1 else "valid", use_bias=False)(y)
        y = L.ReLU(max_value=6.0)(L.BatchNormalization()(y))
        y = L.BatchNormalization()(L.Conv2D(width, 1, use_bias=False)(y))
        x = L.Add()([x, y]) if strides == 1 else y
    return keras.Model(i, L.Dense(3)(L.Dropout(0.2)(L.GlobalAveragePooling2D()(x))))


def first():
    c = {"data_format": "channels_first"}
    return keras.Sequential(
        [
            keras.Input((2, 6, 5)),
            L.Conv2D(3, 3, padding="same", activation="relu", **c),
            L.BatchNormalization(axis=1),
            L.MaxPooling2D(2, **c),
            L.DepthwiseConv2D(2, padding="same", activation="tanh", **c),
            L.UpSampling2D((1, 2), **c),
            L.Flatten(**c),
            L.Dense(2),
        ]
    )


def recurrent():
    return keras.Sequential(
        [
            keras.Input((5, 3)),
            L.SimpleRNN(4, return_sequences=True, activation="softsign"),
            L.LSTM(3, return_sequences=True, go_backwards=True),
            L.GRU(4, reset_after=False, return_sequences=True, recurrent_activation="softsign"),
            L.LSTM(3, use_bias=False, return_sequences=True, unit_forget_bias=False),
            L.GRU(3, dropout=0.2, recurrent_dropout=0.1),
            L.Dense(2),
        ]
    )


def ways():
    i = keras.Input((4,), dtype="int32")
    x = L.Embedding(7, 3)(i)
    x = L.Bidirectional(L.LSTM(3, return_sequences=True))(x)
    x = L.Bidirectional(L.GRU(2, return_sequences=True, use_bias=False), merge_mode="sum", name="both")(x)
    back = L.SimpleRNN(3, go_backwards=True, activation="sigmoid")
    y = L.Bidirectional(L.SimpleRNN(3), backward_layer=back, merge_mode="mul")(x)
    z = L.Bidirectional(L.GRU(3, reset_after=False), merge_mode="ave")(x)
    return keras.Model(i, L.Dense(2)(L.Concatenate()([y, z])))


NETWORKS = {
    f.__name__: f
    for f in (mlp, lenet, resnet, mobile, branches, tokens, signal, unet, first, transformer, mobilenet, recurrent, ways)
}


def names(layer, prefix, found):
    """Variables under the names of layers alone: Keras puts a network's own name before some of them."""
    if isinstance(layer, keras.Model):
        for inner in layer.layers:
            names(inner, prefix + inner.name + "/", found)
        return found
    for variable in layer.trainable_variables:
        path = variable.path.split("/")
        found[prefix + "/".join(path[path.index(layer.name) + 1 :])] = variable
    return found


def make(name):
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    model = NETWORKS[name]()
    random = np.random.default_rng(2)
    for variable in model.variables:
        spread = random.normal(size=variable.shape) * 0.5
        value = np.exp(spread) if "variance" in variable.path else variable.numpy() + spread
        variable.assign(np.float32(value))  # As most files hold them: a run in float changes no weight.
    model.save(HERE / f"{name}.keras")
    model.save(HERE / f"{name}.h5")
    shape = (SAMPLES, *model.input_shape[1:])
    ids = IDS.get(name, 0)
    x = random.integers(0, ids, shape) if ids else random.normal(size=shape)
    seed = random.normal(size=model.output_shape[1:])
    by_name = {key: v.value for key, v in names(model, "", {}).items()}
    producer = f"keras {keras.__version__}, torch {torch.__version__}, h5py {h5py.__version__}, numpy {np.__version__}"
    numbers = golden(
        producer, lambda rows: model(rows, training=False), by_name, torch.tensor(x), torch.tensor(seed), ids)
    (HERE / f"{name}.json").write_text(json.dumps(numbers) + "\n")


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    # Without this line products of float64 are computed in float32 on every backend but TensorFlow.
    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    for each in sys.argv[1:] or NETWORKS:
        make(each)
