/**
 * What to compute, split into panels and tiles, and what it costs. No Spark types.
 *
 * <p>Start reading at {@link dev.tangents.job.plan.GramRunPlan}.
 */
package dev.tangents.job.plan;
