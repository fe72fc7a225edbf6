package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.udfs.sample.BinaryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.function.Executable;

/**
 * Inputs of two features a sample.
 *
 * @param spark reads them
 * @param folder where they lie
 */
record Inputs(SparkSession spark, Path folder) {
  /** A Parquet file of its own in the folder, without Hadoop's checksums beside it. */
  Path written(String name, String sql) throws IOException {
    Path parts = folder.resolve("_" + name);
    spark.sql(sql).coalesce(1).write().parquet(parts.toString());
    return Files.move(part(parts), folder.resolve(name + ".parquet"));
  }

  /** The file of a folder that Spark has written. */
  static Path part(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> each.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** What is said of the column {@code a}. */
  String refused() {
    return failure(this::numbers).getMessage();
  }

  /** How reading fails. */
  static TangentsException failure(Executable reading) {
    Exception e = assertThrows(Exception.class, reading);
    return TangentsException.in(e).orElseThrow(() -> new AssertionError(e));
  }

  /** The features in the column {@code a}. */
  List<List<Double>> numbers() {
    return numbers("a", null);
  }

  /** The features in some columns, of the rows for which a condition holds. */
  List<List<Double>> numbers(String features, String where) {
    return samples(features, where).stream()
        .map(sample -> Arrays.stream(sample.features()).boxed().toList())
        .toList();
  }

  /** The samples likewise. */
  List<Sample> samples(String features, String where) {
    return samples(folder.toString(), features, where);
  }

  /** The samples of another path, looked at twice, as a run does. */
  List<Sample> samples(String path, String features, String where) {
    InputTable table = table(path, features, where);
    table.places().count();
    return table.samples().sortByKey().values().collect();
  }

  /** The table with features in the column {@code a}. */
  InputTable table(String where) {
    return table(folder.toString(), "a", where);
  }

  private InputTable table(String path, String features, String where) {
    InputTable.Spec spec =
        new InputTable.Spec(
            InputFormat.AUTO,
            features,
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(where),
            BinaryType.FLOAT,
            Precision.DOUBLE,
            1,
            0,
            Map.of());
    return InputTable.open(spark, path, spec, List.of(new ModelInput("x", true, List.of(2L))));
  }
}
