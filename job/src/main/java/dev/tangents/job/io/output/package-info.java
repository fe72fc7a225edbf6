/**
 * The folder of a run: what may be there, who holds it, what a killed run and an append leave, and
 * what a finished kernel says of itself.
 *
 * <pre>
 *   OutputFolder     what is there, clear, commit
 *     RunLock          one run at a time
 *     RunRecord        what a run that was killed had planned
 *     AppendState      an append on its way
 *   KernelFolder     a finished kernel, by its KernelManifest and the RunHashes of its tiles
 * </pre>
 *
 * <p>Start reading at {@link OutputFolder}.
 */
package dev.tangents.job.io.output;
