"""Compares a finished `gram` run on a ReLU network of a Deeplearning4j archive (model output: logits) with PyTorch.

    python check_gram.py OUTPUT --model data-samples/digits-mlp.zip [--kind trace|sum|per-output|full]

Reads OUTPUT/samples (index, features) and OUTPUT/kernel, computes J J^T in float64 from explicit Jacobians, block by block,
and prints max |K - J J^T| / mean |K|. Every entry that the run should hold (columns at or right of the diagonal block) must be
there once. For a float run it also counts the rows with a ReLU that is on in float and off in double, or the reverse, and gives
the error over the other rows: such a unit moves its row by far more than rounding. Exit code 1 if the error is over the limit:
1e-9 in double, 2e-5 over the unflipped rows in float, and at most 1 % of the rows flipped.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import torch

import digits_model

BLOCK = 256
LIMIT = {"double": 1e-9, "float": 2e-5}
MOST_FLIPPED = 0.01


def read_samples(folder):
    table = ds.dataset(folder, format="parquet").to_table(["index", "features"]).sort_by("index")
    index = table.column("index").to_numpy()
    assert (index == np.arange(len(index))).all(), "indexes are not 0 .. N-1"
    return torch.tensor(np.stack(table.column("features").to_numpy(zero_copy_only=False)), dtype=torch.float64)


def read_kernel(folder, kind, n, outputs):
    """The kernel with NaN where no record is, [groups, N, N], and whether it is of floats."""
    dataset = ds.dataset(folder, format="parquet")
    extra = {"full": ["row_output", "col_output"], "per-output": ["output"]}.get(kind, [])
    groups = {"full": outputs * outputs, "per-output": outputs}.get(kind, 1)
    k = np.full((groups, n, n), np.nan)
    for batch in dataset.to_batches(["row_block", "col_block", "row", "col_start", "values"] + extra):
        rows, starts = batch.column("row").to_numpy(), batch.column("col_start").to_numpy()
        values = batch.column("values")
        offsets, flat = values.offsets.to_numpy(), values.values.to_numpy()
        group = np.zeros(len(rows), int)
        for name in extra:
            group = group * outputs + batch.column(name).to_numpy()
        for i in range(len(rows)):
            part = flat[offsets[i] : offsets[i + 1]]
            place = k[group[i], rows[i], starts[i] : starts[i] + len(part)]
            assert len(place) == len(part), f"row {rows[i]}: columns {starts[i]} + {len(part)} leave the kernel"
            assert np.isnan(place).all(), f"row {rows[i]}, column {starts[i]}: written twice"
            place[:] = part
    is_float = pa.types.is_float32(dataset.schema.field("values").type.value_type)
    return k, is_float


def compare(k, kind, params, x):
    """The largest |difference| over outputs of each entry, by block of rows and columns, and mean |K|."""
    n, blocks, total, count = len(x), {}, 0.0, 0
    for i in range(0, n, BLOCK):
        left = digits_model.jacobian(params, x[i : i + BLOCK])
        for j in range(i, n, BLOCK):
            right = left if i == j else digits_model.jacobian(params, x[j : j + BLOCK])
            expected = digits_model.kernel(left, right, kind).numpy()
            if kind == "full":
                expected = expected.transpose(1, 3, 0, 2).reshape(-1, expected.shape[0], expected.shape[2])
            expected = expected.reshape(-1, left.shape[0], right.shape[0])
            found = k[:, i : i + BLOCK, j : j + BLOCK]
            upper = np.triu(np.ones(expected.shape[1:], bool)) if i == j else np.ones(expected.shape[1:], bool)
            assert not np.isnan(found[:, upper]).any(), f"entries are missing at rows {i}+, columns {j}+"
            error = np.nan_to_num(np.abs(found - expected)).max(0)
            total += np.abs(expected[:, upper]).sum()
            count += expected[:, upper].size
            blocks[i, j] = error
    return blocks, total / count


def flipped_rows(params, x):
    exact = digits_model.preactivations(params, x)
    rounded = digits_model.preactivations(tuple(p.float() for p in params), x.float())
    return ((exact > 0) != (rounded > 0)).any(1).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--kind", default="trace", choices=["trace", "sum", "per-output", "full"])
    arguments = parser.parse_args()
    params = digits_model.parameters(digits_model.load(arguments.model))
    x = read_samples(arguments.output / "samples")
    k, is_float = read_kernel(arguments.output / "kernel", arguments.kind, len(x), len(params[-1]))
    blocks, mean = compare(k, arguments.kind, params, x)
    worst = max(block.max() for block in blocks.values())
    dtype = "float" if is_float else "double"
    print(f"{len(x)} samples, {arguments.kind}, {dtype}: max|K - JJ^T| / mean|K| = {worst / mean:.3e}")
    good = worst / mean <= LIMIT[dtype]
    if is_float:
        flipped = flipped_rows(params, x)
        error = 0.0
        for (i, j), block in blocks.items():
            kept = block[~flipped[i : i + BLOCK]][:, ~flipped[j : j + BLOCK]]
            error = max(error, kept.max(initial=0))
        print(f"rows with another ReLU pattern in float: {flipped.sum()} ({100 * flipped.mean():.2f} %)")
        print(f"over the other rows: {error / mean:.3e}")
        good = error / mean <= LIMIT[dtype] and flipped.mean() <= MOST_FLIPPED
    print("agrees" if good else f"DIFFERS: limit {LIMIT[dtype]}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
