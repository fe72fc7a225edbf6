package dev.tangents.job.io;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A file for Parquet's writer. Its own, {@code HadoopOutputFile}, chooses the file system itself.
 *
 * @param fs where
 * @param path which file; one that is there is replaced
 */
record PageOutput(FileSystem fs, Path path) implements OutputFile {
  /** For headers; pages are larger and go past it. */
  private static final int BUFFER = 64 << 10;

  @Override
  public PositionOutputStream create(long blockSize) throws IOException {
    return HadoopStreams.wrap(
        fs.create(
            path,
            true,
            BUFFER,
            fs.getDefaultReplication(path),
            Math.max(blockSize, fs.getDefaultBlockSize(path))));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
    return create(blockSize);
  }

  /** Row groups are not padded towards blocks: the bytes would depend on the file system. */
  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
