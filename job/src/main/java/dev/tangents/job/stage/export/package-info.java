/**
 * The command {@code export}: a kernel as one NumPy array or as whole rows. Start reading at {@link
 * ExportRun}.
 */
package dev.tangents.job.stage.export;
