"""One clock for all programs."""

import statistics
import time


def seconds(run):
    """Median of at least 3 runs and 0.5 s, after one that does not count."""
    run()
    times = []
    while len(times) < 3 or (sum(times) < 0.5 and len(times) < 100):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
