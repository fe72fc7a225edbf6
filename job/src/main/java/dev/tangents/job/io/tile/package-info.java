/**
 * Tiles of a kernel (kernel/tile-00000-00001.parquet), written from and checked into one array.
 *
 * <p>{@link TileRecords} are the columns, {@link TileFooter} what a file says of itself: hash,
 * checksum, residual, sums. Start reading at {@link TileWriter}.
 */
package dev.tangents.job.io.tile;
