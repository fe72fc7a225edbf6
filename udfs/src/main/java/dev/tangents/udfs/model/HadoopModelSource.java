package dev.tangents.udfs.model;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A model's file on any Hadoop file system.
 *
 * @param path where it lies
 * @param hadoop the settings of file systems
 */
public record HadoopModelSource(Path path, Configuration hadoop) implements ModelSource {
  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public InputStream open() throws IOException {
    try {
      return path.getFileSystem(hadoop).open(path);
    } catch (IllegalArgumentException e) {
      // Of an address that is none of the file system which its scheme names.
      throw TangentsException.model(
              "Model file %s: %s. Write a local file as file:///path or /path, and any other with the address that its"
                  + " file system has in the settings of Hadoop",
              name(), e.getMessage())
          .causedBy(e);
    }
  }

  /** What the file system knows of the file. */
  FileStatus status() throws IOException {
    return path.getFileSystem(hadoop).getFileStatus(path);
  }

  @Override
  public ModelSource sibling(String fileName) {
    Path sibling = new Path(path.getParent(), ModelSource.requirePlainName(fileName));
    return new HadoopModelSource(sibling, hadoop);
  }
}
