/**
 * What a run tells people: progress, manifest, summary, {@code report.html}. No Spark types.
 *
 * <p>Tasks send one {@link dev.tangents.job.report.TileSummary} a tile, a few pixels and a piece of
 * diagonal; the driver adds them up in {@link dev.tangents.job.report.KernelSummary}. Nothing N x N
 * reaches the driver.
 *
 * <p>Start reading at {@link dev.tangents.job.report.HtmlReport}.
 */
package dev.tangents.job.report;
