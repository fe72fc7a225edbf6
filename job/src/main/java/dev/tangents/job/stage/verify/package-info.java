/**
 * The command {@code verify}: whether a kernel is whole and true.
 *
 * <p>{@link FileAudit} reads every panel and tile (hashes, checksums, symmetry); {@link
 * ProductsStage} computes J (J^T v) from the network, against which {@link Residuals} hold K v of
 * the files. Start reading at {@link VerifyRun}.
 */
package dev.tangents.job.stage.verify;
