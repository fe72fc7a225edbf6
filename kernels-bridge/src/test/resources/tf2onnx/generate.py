"""Converts the networks of ../keras with tf2onnx, NAME.keras to NAME.onnx beside this script:

    KERAS_BACKEND=tensorflow python generate.py [NAME ...]
Left out are those that it cannot convert, and branches, whose selu ONNX has with factors in float. Their numbers are
those of ../keras/NAME.json. Written with keras 3.15.1, tensorflow 2.21.0, tf2onnx 1.17.0.
"""

import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import onnx
import tensorflow as tf
import tf2onnx

HERE = pathlib.Path(__file__).parent
NETWORKS = ["first", "lenet", "mobilenet", "resnet", "signal", "transformer", "unet"]


def convert(name):
    model = keras.saving.load_model(HERE.parent / "keras" / f"{name}.keras", compile=False)
    dtype = tf.int32 if name == "transformer" else tf.float64
    signature = [tf.TensorSpec((None, *model.input_shape[1:]), dtype, name="x")]
    function = tf.function(lambda x: model(x, training=False), input_signature=signature)
    proto, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=18)
    path = HERE / f"{name}.onnx"
    onnx.save(proto, path)
    print(path.name, path.stat().st_size, sorted({n.op_type for n in proto.graph.node}))


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    for each in sys.argv[1:] or NETWORKS:
        try:
            convert(each)
        except Exception as e:
            print(each, "FAILED", type(e), str(e)[:600])
