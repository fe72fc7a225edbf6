package dev.tangents.job.io.parquet;

import dev.tangents.job.io.file.StagedFile;
import java.io.IOException;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A file for Parquet's writer. Its own, {@code HadoopOutputFile}, chooses the file system itself.
 *
 * @param file one that is there is replaced
 */
record PageOutput(StagedFile file) implements OutputFile {
  @Override
  public PositionOutputStream create(long blockSize) throws IOException {
    return HadoopStreams.wrap(file.create(blockSize));
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
