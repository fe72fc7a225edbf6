/**
 * Which model is meant, for the driver and every executor: how it is read, which outputs and
 * parameters take part, and its files on their way. Knows nothing of Spark.
 *
 * <p>Start reading at {@link dev.tangents.udfs.model.ModelSpec}.
 */
package dev.tangents.udfs.model;
