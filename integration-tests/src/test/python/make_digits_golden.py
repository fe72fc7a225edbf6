"""Writes the golden kernels of data-samples/digits-mlp.zip, computed by PyTorch in float64 from explicit Jacobians.

    python make_digits_golden.py ROOT_OF_REPOSITORY

The files are integration-tests/src/test/resources/golden/digits-KIND-N-torchVERSION.npy for the first N samples, and
digits-torchVERSION.json with the versions of the tools and the hash of the model. Nothing else writes them.
"""

import hashlib
import json
import platform
import sys
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet as pq
import torch

import digits_model

# Kind of kernel and number of samples: as many as keep a file under 300 kB.
CASES = (("trace", 64), ("sum", 64), ("per-output", 32), ("full", 16))


def main(root):
    data, golden = root / "data-samples", root / "integration-tests/src/test/resources/golden"
    version = torch.__version__.split("+")[0]
    features = pq.read_table(data / "digits.parquet").column("features").to_pylist()[:64]
    x = torch.tensor(features, dtype=torch.float64)
    params = digits_model.parameters(digits_model.load(data / "digits-mlp.zip"))
    jacobian = digits_model.jacobian(params, x)
    values = torch.func.vmap(digits_model.logits, (None, 0))(params, x)
    np.save(golden / f"digits-logits-64-torch{version}.npy", values.numpy())
    for kind, count in CASES:
        k = digits_model.kernel(jacobian[:count], jacobian[:count], kind)
        np.save(golden / f"digits-{kind}-{count}-torch{version}.npy", k.numpy())
    record = {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "pyarrow": pyarrow.__version__,
        "python": platform.python_version(),
        "dtype": "float64",
        "parameters": jacobian.shape[2],
        "model_sha256": hashlib.sha256((data / "digits-mlp.zip").read_bytes()).hexdigest(),
        "data_sha256": hashlib.sha256((data / "digits.parquet").read_bytes()).hexdigest(),
    }
    (golden / f"digits-torch{version}.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
