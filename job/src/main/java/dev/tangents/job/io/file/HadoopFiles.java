package dev.tangents.job.io.file;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import dev.tangents.udfs.model.HadoopModelSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;

/** Files that are read before there is a Spark session, on any Hadoop file system. */
public final class HadoopFiles {
  private static final String HADOOP_PREFIX = "spark.hadoop.";

  private final Configuration hadoop;

  private HadoopFiles(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** With the Hadoop settings among Spark's properties. */
  public static HadoopFiles of(SparkConf spark) {
    Configuration hadoop = new Configuration();
    for (scala.Tuple2<String, String> pair : spark.getAllWithPrefix(HADOOP_PREFIX)) {
      hadoop.set(pair._1(), pair._2());
    }
    return new HadoopFiles(hadoop);
  }

  /** The settings of file systems. */
  public Configuration configuration() {
    return hadoop;
  }

  /**
   * The content of a text file.
   *
   * @param content what the file holds
   */
  public record Text(String content) {
    /** Reads the content. */
    public Reader reader() {
      return new StringReader(content);
    }
  }

  /**
   * Reads a text file in UTF-8.
   *
   * @param what what the file is, for the message
   * @throws TangentsException of category USER if it cannot be read
   */
  public Text readText(String path, String what) {
    try (InputStream in = open(new Path(path))) {
      return new Text(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      throw TangentsException.user("%s: no such %s. Check the path", path, what).causedBy(e);
    } catch (IOException | IllegalArgumentException e) {
      throw TangentsException.user("%s: cannot read this %s: %s", path, what, e.getMessage())
          .causedBy(e);
    }
  }

  /** A model's file. */
  public ModelSource model(String path) {
    return new HadoopModelSource(new Path(path), hadoop);
  }

  private InputStream open(Path path) throws IOException {
    return path.getFileSystem(hadoop).open(path);
  }
}
