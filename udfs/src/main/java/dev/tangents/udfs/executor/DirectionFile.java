package dev.tangents.udfs.executor;

import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.rows.LossQuantities;
import dev.tangents.udfs.model.ModelSpec;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The direction of an HVP by parameters, sent to the executors with the files of the model: its
 * numbers in double, parameter by parameter.
 */
public final class DirectionFile {
  /** No file of a model has this name: there is no such file system. */
  private static final String FILE = "tangents:/direction";

  private DirectionFile() {}

  /** The numbers under the name that {@link #add} knows. */
  public static Map<String, byte[]> of(byte[] numbers) {
    return Map.of(FILE, numbers);
  }

  /** SHA-256 of what {@link #of} gave; empty for nothing. */
  public static String hash(Map<String, byte[]> direction) {
    return direction.isEmpty() ? "" : Sha256.hex(direction.get(FILE));
  }

  /** The weights of the model and, beside them, the direction that the driver read. */
  public static Weights add(
      ModelSpec.Loaded loaded, List<String> parameters, Function<String, ModelSource> open) {
    Map<String, Literal> all = new LinkedHashMap<>();
    Weights weights = loaded.model().weights();
    weights.names().forEach(name -> all.put(name, weights.get(name)));
    ByteBuffer bytes = ByteBuffer.wrap(open.apply(FILE).bytes(Integer.MAX_VALUE));
    for (String name : parameters) {
      TensorType type = loaded.graph().parameter(name).type();
      double[] values = new double[type.shape().intSize()];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getDouble();
      }
      all.put(LossQuantities.direction(name), Literal.of(type, values));
    }
    return Weights.of(all);
  }
}
