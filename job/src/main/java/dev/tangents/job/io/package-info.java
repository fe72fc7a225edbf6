/**
 * Files: rows of the input, panels of samples, tiles of a kernel, the output folder.
 *
 * <pre>
 *   InputTable -> Sample (Spark, any format)          PanelFile  samples/panel-00000.parquet
 *   OutputFolder  what is there, clear, commit        TileWriter kernel/tile-00000-00001.parquet
 *   KernelFolder -> KernelRows -> NpyFile, RowsFile   TileReader reads and checks it
 * </pre>
 *
 * <p>Two ways to write Parquet: {@code ParquetSink} takes records of any form, number by number;
 * {@code PagedFile} takes pages of records of equal length, at the speed of the disk, for tiles and
 * for whole rows of a kernel, past the page cache of a local disk ({@code UncachedStream}).
 *
 * <p>Every file is written under a name that begins with an underscore and renamed when it is
 * whole, and its bytes depend on its content alone.
 *
 * <p>Start reading at {@link dev.tangents.job.io.InputTable}.
 */
package dev.tangents.job.io;
