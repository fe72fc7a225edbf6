"""Bundles ONNX's own test cases of single operators into operators.bin.gz.

    python operators.py OPERATOR ...

First the producer, then the cases: name, model, number of inputs, inputs, number of outputs, outputs. Texts and protobuf
messages are preceded by their length, numbers are 4 bytes, big-endian, as Java's DataInput reads them.
"""

import gzip
import pathlib
import struct
import sys
import warnings

import numpy
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

# Bytes of a case; of an operator whose cases are all larger, the smallest.
LARGEST = 3000
# Its expected output is rounded to four digits.
ROUNDED = "test_averagepool_2d_ceil_last_window_starts_on_pad"
TYPES = ("float32", "float64", "int32", "int64", "bool")


def packed(data):
    return struct.pack(">i", len(data)) + data


def tensors(values):
    found = []
    for value in values:
        if not isinstance(value, numpy.ndarray) and not numpy.isscalar(value):
            return None
        array = numpy.asarray(value)
        if array.dtype.name not in TYPES:
            return None
        found.append(packed(numpy_helper.from_array(array).SerializeToString()))
    return struct.pack(">i", len(found)) + b"".join(found)


def main(operators):
    warnings.filterwarnings("ignore")
    bundle = packed(f"onnx {onnx.__version__}, onnx.backend.test.case.node".encode())
    entries = []
    for case in sorted(collect_testcases(None), key=lambda c: c.name):
        graph = case.model.graph
        if len(graph.node) != 1 or graph.node[0].op_type not in operators or graph.node[0].domain:
            continue
        inputs, outputs = case.data_sets[0]
        parts = [tensors(inputs), tensors(outputs)]
        if None in parts or len(inputs) != len(graph.input):
            continue
        entry = packed(case.name.encode()) + packed(case.model.SerializeToString()) + b"".join(parts)
        if case.name != ROUNDED:
            entries.append((graph.node[0].op_type, entry))
    smallest = {}
    for operator, entry in entries:
        smallest[operator] = min(smallest.get(operator, len(entry)), len(entry))
    kept = [entry for operator, entry in entries if len(entry) <= max(LARGEST, smallest[operator])]
    bundle += b"".join(kept)
    target = pathlib.Path(__file__).parent / "operators.bin.gz"
    target.write_bytes(gzip.compress(bundle, 9, mtime=0))
    print(len(kept), "cases,", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
