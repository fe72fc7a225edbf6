"""One clock for all programs."""

import time


def seconds(run):
    """The fastest of at least 3 runs and 1 s, after one that does not count: what else runs on the machine shows least there."""
    run()
    times = []
    while len(times) < 3 or (sum(times) < 1 and len(times) < 100):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)
