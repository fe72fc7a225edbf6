package dev.tangents.job.stage;

import dev.tangents.exec.Precision;
import dev.tangents.job.config.Choices.EngineName;
import dev.tangents.job.plan.NetworkSpec;
import java.io.Serializable;

/**
 * What a worker is made from. Two tasks with equal specifications may share a worker.
 *
 * @param network the network and its kernel
 * @param modelHash hash of the model's bytes
 * @param engine which engine
 * @param precision width of its numbers
 * @param microBatch samples in one run of the network
 * @param cacheBytes bound of the cache of panels, beside the two in use
 */
public record KernelSpec(
    NetworkSpec network,
    String modelHash,
    EngineName engine,
    Precision precision,
    int microBatch,
    long cacheBytes)
    implements Serializable {}
