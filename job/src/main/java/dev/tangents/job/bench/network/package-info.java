/**
 * Networks of common architectures with random weights, made without any file: what benchmarks
 * measure and tests of whole networks differentiate.
 *
 * <p>Start reading at {@link dev.tangents.job.bench.network.Perceptron}.
 */
package dev.tangents.job.bench.network;
