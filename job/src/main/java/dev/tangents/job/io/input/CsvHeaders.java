package dev.tangents.job.io.input;

import dev.tangents.error.TangentsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The first lines of CSV files. Spark takes the names of the columns from one file and passes over
 * the first line of every other, whatever stands there.
 */
final class CsvHeaders {
  /** Characters of a header that a message shows. */
  private static final int SHOWN = 100;

  private CsvHeaders() {}

  /**
   * Checks that all files have the same header, letter by letter: Spark takes a line that differs
   * from the first file's by a quote alone for numbers when it looks for the types of columns.
   *
   * @throws TangentsException of category DATA that shows two that differ
   */
  static void requireSame(SparkSession spark, InputFiles files) {
    List<String> paths =
        files.all().stream()
            .filter(file -> file.getLen() > 0)
            .map(FileStatus::getPath)
            .map(Path::toString)
            .sorted()
            .toList();
    if (paths.size() < 2) {
      return;
    }
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    List<String> headers;
    try {
      headers =
          context
              .parallelize(paths, Math.min(paths.size(), context.defaultParallelism()))
              .map(path -> firstLine(hadoop.value().value(), new Path(path)))
              .collect();
    } finally {
      hadoop.destroy();
    }
    for (int i = 1; i < headers.size(); i++) {
      if (!headers.get(i).equals(headers.get(0))) {
        throw TangentsException.data(
            "input: %s begins with '%s', and %s with '%s'. Every CSV file must name the same columns in its first"
                + " line, in the same order",
            paths.get(i), shown(headers.get(i)), paths.get(0), shown(headers.get(0)));
      }
    }
  }

  private static String firstLine(Configuration hadoop, Path path) throws IOException {
    Optional<CompressionCodec> codec =
        Optional.ofNullable(new CompressionCodecFactory(hadoop).getCodec(path));
    try (InputStream raw = path.getFileSystem(hadoop).open(path);
        InputStream plain = codec.isPresent() ? codec.get().createInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && line.isBlank()) { // as Spark does
        line = lines.readLine();
      }
      return line == null ? "" : line;
    }
  }

  private static String shown(String line) {
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }
}
