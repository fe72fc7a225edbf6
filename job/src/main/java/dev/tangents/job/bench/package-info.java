/**
 * Benchmarks that users run on their own machine. Each prints figures beside a baseline measured in
 * the same run, taking turns with it, so that a ratio holds where the machine's speed drifts. Not
 * tests: nothing here passes or fails.
 *
 * <p>Start reading at {@link dev.tangents.job.bench.DerivativesBench}.
 */
package dev.tangents.job.bench;
