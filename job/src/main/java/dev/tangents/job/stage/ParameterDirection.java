package dev.tangents.job.stage;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.job.plan.ModelSpec;
import dev.tangents.rows.LossQuantities;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The direction of an HVP by parameters: read by the driver from Parquet in the layout of an
 * aggregate gradient, and sent to the executors with the files of the model.
 */
final class ParameterDirection {
  /** No file of a model has this name. */
  private static final String FILE = "/direction of tangents/";

  private ParameterDirection() {}

  /**
   * Reads it and checks that it has just the parameters that are differentiated by, each of its
   * shape and finite.
   *
   * @return the numbers, parameter by parameter, as bytes under the name that {@link #add} knows
   * @throws TangentsException of category DATA that names the parameter
   */
  static Map<String, byte[]> read(
      SparkSession spark, String path, Graph network, List<String> parameters) {
    Map<String, double[]> found = rows(spark, path);
    TreeSet<String> strangers = new TreeSet<>(found.keySet());
    parameters.forEach(strangers::remove);
    if (!strangers.isEmpty()) {
      throw TangentsException.data(
          "direction: %s has '%s', which is not differentiated by. Choose with --params the parameters"
              + " that it has: %s",
          path, strangers.first(), new TreeSet<>(found.keySet()));
    }
    long total = parameters.stream().mapToLong(name -> type(network, name).shape().size()).sum();
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(total * Double.BYTES));
    for (String name : parameters) {
      double[] values = found.get(name);
      long size = type(network, name).shape().size();
      if (values == null || values.length != size) {
        throw TangentsException.data(
            "direction: parameter '%s': expected %d numbers in %s, got %s. Write it as tangents gradient"
                + " does: parameter, shape, values",
            name, size, path, values == null ? "none" : values.length);
      }
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          throw TangentsException.data(
              "direction: parameter '%s': element %d is %s in %s. Repair it",
              name, i, values[i], path);
        }
        bytes.putDouble(values[i]);
      }
    }
    return Map.of(FILE, bytes.array());
  }

  /** SHA-256 of what {@link #read} gave; empty for nothing. */
  static String hash(Map<String, byte[]> direction) {
    return direction.isEmpty() ? "" : Sha256.hex(direction.get(FILE));
  }

  /** The weights of the model and, beside them, the direction that the driver read. */
  static Weights add(
      ModelSpec.Loaded loaded, List<String> parameters, Function<String, ModelSource> open) {
    Map<String, Literal> all = new LinkedHashMap<>();
    Weights weights = loaded.model().weights();
    weights.names().forEach(name -> all.put(name, weights.get(name)));
    ByteBuffer bytes = ByteBuffer.wrap(open.apply(FILE).bytes(Integer.MAX_VALUE));
    for (String name : parameters) {
      TensorType type = type(loaded.graph(), name);
      double[] values = new double[type.shape().intSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getDouble();
      }
      all.put(LossQuantities.direction(name), Literal.of(type, values));
    }
    return Weights.of(all);
  }

  private static TensorType type(Graph network, String name) {
    return network.parameter(name).type();
  }

  private static Map<String, double[]> rows(SparkSession spark, String path) {
    Map<String, double[]> found = new HashMap<>();
    try {
      // The folder of a run holds its files one level below.
      Dataset<Row> table = spark.read().option("recursiveFileLookup", "true").parquet(path);
      List<Row> rows =
          table.selectExpr("parameter", "cast(values as array<double>) as values").collectAsList();
      for (Row row : rows) {
        List<Double> values = row.getList(1);
        double[] numbers =
            values.stream().mapToDouble(value -> value == null ? Double.NaN : value).toArray();
        if (found.put(row.getString(0), numbers) != null) {
          throw TangentsException.data(
              "direction: parameter '%s' stands twice in %s. Give one direction",
              row.getString(0), path);
        }
      }
    } catch (Exception e) {
      if (e instanceof TangentsException known) {
        throw known;
      }
      throw TangentsException.user(
              "direction: %s cannot be read as Parquet with the columns parameter and values: %s",
              path, String.valueOf(e.getMessage()).lines().findFirst().orElse("no message"))
          .causedBy(e);
    }
    return found;
  }
}
