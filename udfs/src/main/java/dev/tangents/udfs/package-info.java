/**
 * Derivatives inside a query: functions of Spark SQL that run in batches, and columns of the same
 * for programs. Imports kernels-bridge and Spark SQL; nothing of the job.
 *
 * <pre>
 *   TangentsExtensions, Tangents.register    how a session gets the functions
 *   function   one file a function: arguments, quantity, type of the result
 *   plan       optimizer rule, planner strategy and physical operator: rows in batches
 *   sample     columns as numbers        model   which model is meant, and its files
 *   executor   engines and workers, which the job shares
 * </pre>
 *
 * <p>Start reading at {@link dev.tangents.udfs.TangentsExtensions}.
 */
package dev.tangents.udfs;
