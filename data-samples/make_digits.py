"""Writes digits.parquet: the UCI optical digits as scikit-learn ships them.

Source: Alpaydin and Kaynak 1998, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, DOI 10.24432/C50P49, CC BY 4.0; the 1,797 images of its test part, sklearn.datasets.load_digits.

Columns: id bigint 0..1796 (the order of the rows), features list<float> (64 intensities 0..16,
divided by 16), label int. Made with Python 3.11, scikit-learn 1.9.1, numpy 2.4.6, pyarrow 26.0.1:

    python make_digits.py digits.parquet
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.datasets import load_digits


def main(path):
    digits = load_digits()
    count = len(digits.target)
    # Sixteenths are exact in float: no rounding anywhere.
    features = (digits.data / 16).astype(np.float32)
    assert features.shape == (1797, 64)
    table = pa.table(
        {
            "id": pa.array(np.arange(count), pa.int64()),
            "features": pa.array(list(features), pa.list_(pa.float32())),
            "label": pa.array(digits.target, pa.int32()),
        }
    )
    pq.write_table(table, path, compression="snappy", use_compliant_nested_type=True, store_schema=False)


if __name__ == "__main__":
    main(sys.argv[1])
