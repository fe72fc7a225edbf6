"""One clock for all programs."""

import statistics
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


def median(loop, repeats=7, target=0.02, most=200, budget=3.0):
    """Seconds a call on a device: the median of `repeats` loops, or of 5 where those take more than `budget` seconds.

    loop(k) makes k calls, waits for the last one and returns seconds a call. k is such that a loop takes about `target`
    seconds, so that clock and wait hardly count, and `most` at most. The caller has made the calls that do not count.
    """
    one = loop(1)
    calls = max(1, min(most, int(target / max(one, 1e-7))))
    if one * calls * repeats > budget:
        repeats = 5
    times = [loop(calls) for _ in range(repeats)]
    middle = statistics.median(times)
    return {"seconds": middle, "repeats": repeats, "calls": calls, "least": min(times), "most": max(times)}
