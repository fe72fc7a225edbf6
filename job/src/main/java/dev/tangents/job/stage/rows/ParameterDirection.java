package dev.tangents.job.stage.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.TensorType;
import dev.tangents.udfs.executor.DirectionFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The direction of an HVP by parameters: read by the driver from Parquet in the layout of an
 * aggregate gradient, and sent to the executors with the files of the model.
 */
final class ParameterDirection {
  private ParameterDirection() {}

  /**
   * Reads it and checks that it has just the parameters that are differentiated by, each of its
   * shape and finite.
   *
   * @return the numbers, parameter by parameter, as bytes as {@link DirectionFile} knows them
   * @throws TangentsException of category DATA that names the parameter
   */
  static Map<String, byte[]> read(
      SparkSession spark, String path, Graph network, List<String> parameters) {
    Map<String, Direction> found = rows(spark, path);
    TreeSet<String> strangers = new TreeSet<>(found.keySet());
    parameters.forEach(strangers::remove);
    if (!strangers.isEmpty()) {
      throw TangentsException.data(
          "direction: %s has '%s', which is not differentiated by. Choose with --params the parameters"
              + " that it has: %s",
          path, strangers.first(), new TreeSet<>(found.keySet()));
    }
    long total = parameters.stream().mapToLong(name -> type(network, name).shape().size()).sum();
    if (total > Integer.MAX_VALUE / Double.BYTES) {
      throw TangentsException.resource(
          "direction: it has %d numbers; at most %d can be sent to the executors. Choose fewer parameters"
              + " with --params",
          total, Integer.MAX_VALUE / Double.BYTES);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) total * Double.BYTES);
    for (String name : parameters) {
      List<Integer> shape =
          Arrays.stream(type(network, name).shape().dims()).mapToObj(Math::toIntExact).toList();
      Direction direction = found.get(name);
      long size = type(network, name).shape().size();
      if (direction == null
          || !direction.shape().equals(shape)
          || direction.values().size() != size) {
        throw TangentsException.data(
            "direction: parameter '%s': expected %s, %d numbers in %s, got %s. Write it as tangents"
                + " gradient does: parameter, shape, values",
            name, shape, size, path, direction == null ? "nothing" : direction.found());
      }
      for (int i = 0; i < size; i++) {
        Double value = direction.values().get(i);
        if (value == null || !Double.isFinite(value)) {
          throw TangentsException.data(
              "direction: parameter '%s': element %d is %s in %s. Repair it", name, i, value, path);
        }
        bytes.putDouble(value);
      }
    }
    return DirectionFile.of(bytes.array());
  }

  private static TensorType type(Graph network, String name) {
    return network.parameter(name).type();
  }

  /** One parameter of a direction as it was read. */
  private record Direction(List<Integer> shape, List<Double> values) {
    String found() {
      return shape + ", " + values.size() + " numbers";
    }
  }

  private static Map<String, Direction> rows(SparkSession spark, String path) {
    Map<String, Direction> found = new HashMap<>();
    try {
      // The folder of a run holds its files one level below.
      Dataset<Row> table = spark.read().option("recursiveFileLookup", "true").parquet(path);
      List<Row> rows =
          table
              .selectExpr(
                  "parameter",
                  "cast(shape as array<int>) as shape",
                  "cast(values as array<double>) as values")
              .collectAsList();
      for (Row row : rows) {
        if (row.anyNull()) {
          throw TangentsException.data(
              "direction: %s has a record with a null (parameter %s). Repair it",
              path, row.getString(0));
        }
        List<Integer> shape = row.getList(1);
        List<Double> values = row.getList(2);
        if (found.put(row.getString(0), new Direction(shape, values)) != null) {
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
              "direction: %s cannot be read as Parquet with the columns parameter, shape and values (of a derive"
                  + " give its folder gradient): %s",
              path, String.valueOf(e.getMessage()).lines().findFirst().orElse("no message"))
          .causedBy(e);
    }
    return found;
  }
}
