package dev.tangents.it.cluster;

import dev.tangents.udfs.Tangents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A user's program: it has the functions in its session, and writes the rows of a query. Compiled
 * once, run by any Spark.
 */
public final class SqlProgram {
  /** How functions come into a session that was started without the extension. */
  static final String REGISTER = "register";

  private SqlProgram() {}

  /** Takes where the rows go, a query, and perhaps {@link #REGISTER}. */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      if (List.of(arguments).contains(REGISTER)) {
        Tangents.register(spark);
      }
      Files.write(Path.of(arguments[0]), rows(spark, arguments[1]));
    }
  }

  /** The rows as JSON, which has every bit of a number. */
  static List<String> rows(SparkSession spark, String query) {
    return spark.sql(query).toJSON().collectAsList();
  }
}
