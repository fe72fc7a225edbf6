"""Functions of angles and their hyperbolic kin by mpmath, with 60 digits: writes angles.json beside this file.

    python angles.py

Of each function a list of [x, f(x), f'(x), f''(x)], rounded to doubles once: see AnglesTest. No x is the end of a domain.
"""

import json
from pathlib import Path

import mpmath
from mpmath import mp

mp.dps = 60

TINY = [1e-20, 1e-8, 1e-5, 1e-3]
INSIDE = [0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-10, 1 - 2**-53]
BEYOND = [1 + 2**-52, 1 + 1e-10, 1.001, 1.4, 1.5, 1.57, 1.5707963267948966, 2.0, 3.0, 10.0, 31.4, 50.0]
LARGE = [300.0, 700.0]
HUGE = [1e5, 1e9, 1e20]


def both(positive):
    return [-x for x in reversed(positive)] + positive


# f, f', f'' and points.
CASES = {
    "acos": (mpmath.acos, lambda x: -1 / mp.sqrt(1 - x * x), lambda x: -x / mp.sqrt(1 - x * x) ** 3, both(TINY + INSIDE)),
    "acosh": (mpmath.acosh, lambda x: 1 / mp.sqrt(x * x - 1), lambda x: -x / mp.sqrt(x * x - 1) ** 3, BEYOND + LARGE + HUGE),
    "asin": (mpmath.asin, lambda x: 1 / mp.sqrt(1 - x * x), lambda x: x / mp.sqrt(1 - x * x) ** 3, both(TINY + INSIDE)),
    "asinh": (mpmath.asinh, lambda x: 1 / mp.sqrt(1 + x * x), lambda x: -x / mp.sqrt(1 + x * x) ** 3,
              both(TINY + INSIDE + BEYOND + LARGE + HUGE)),
    "atan": (mpmath.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2,
             both(TINY + INSIDE + BEYOND + LARGE + HUGE)),
    "atanh": (mpmath.atanh, lambda x: 1 / (1 - x * x), lambda x: 2 * x / (1 - x * x) ** 2, both(TINY + INSIDE)),
    "cosh": (mpmath.cosh, mpmath.sinh, mpmath.cosh, both(TINY + INSIDE + BEYOND + LARGE)),
    "sinh": (mpmath.sinh, mpmath.cosh, mpmath.sinh, both(TINY + INSIDE + BEYOND + LARGE)),
    "tan": (mpmath.tan, lambda x: 1 + mpmath.tan(x) ** 2, lambda x: 2 * mpmath.tan(x) * (1 + mpmath.tan(x) ** 2),
            both(TINY + INSIDE + BEYOND)),
}

lines = []
for name, (f, slope, curvature, points) in CASES.items():
    rows = [[x] + [float(g(mp.mpf(x))) for g in (f, slope, curvature)] for x in points]
    lines.append(f'"{name}": {json.dumps(rows)}')
text = '{"mpmath": "' + mpmath.__version__ + '",\n' + ",\n".join(lines) + "}\n"
(Path(__file__).parent / "angles.json").write_text(text)
