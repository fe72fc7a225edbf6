/**
 * The commands over rows, planned: what the flags ask for, the columns that it needs, and the modes
 * and sizes that are chosen. How a quantity is computed is in the bridge ({@code
 * dev.tangents.rows}). No Spark types.
 *
 * <p>Start reading at {@link dev.tangents.job.rows.RowTask}.
 */
package dev.tangents.job.rows;
