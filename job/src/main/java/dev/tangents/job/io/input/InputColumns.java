package dev.tangents.job.io.input;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.Text;
import dev.tangents.job.config.Nearest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns each input of a model is read from, as {@code --features} says: columns alone for a
 * model of one input, or {@code input=columns,...}.
 */
final class InputColumns {
  private InputColumns() {}

  /**
   * The columns of each input, in the order of {@code inputs}.
   *
   * @param spec what the user gave
   * @throws TangentsException of category USER if an input is unknown, named twice or left out
   */
  static List<String> of(String spec, List<ModelInput> inputs, StructType schema) {
    List<String> columns = Arrays.asList(schema.fieldNames());
    String[] parts = spec.split(",", -1);
    boolean named =
        !columns.contains(spec) && parts[0].contains("=") && !columns.contains(parts[0].strip());
    if (named) {
      return named(parts, inputs, columns);
    }
    if (inputs.size() > 1) {
      throw TangentsException.user(
          "features: the model has %d inputs: %s. Say which columns each takes: --features %s",
          inputs.size(),
          ModelInput.listed(inputs),
          inputs.stream()
              .map(input -> Text.shown(input.name()) + "=COLUMN")
              .collect(Collectors.joining(",")));
    }
    return List.of(spec);
  }

  private static List<String> named(String[] parts, List<ModelInput> inputs, List<String> columns) {
    Map<String, String> found = new LinkedHashMap<>();
    String last = "";
    for (String part : parts) {
      int equals = part.indexOf('=');
      if (equals < 0 || columns.contains(part.strip())) {
        found.merge(last, part, (before, more) -> before + "," + more);
        continue;
      }
      last = part.substring(0, equals).strip();
      requireKnown(last, inputs);
      if (found.put(last, part.substring(equals + 1).strip()) != null) {
        throw TangentsException.user(
            "features: input '%s' is named twice. Give its columns one after the other: %s=c1,c2",
            last, last);
      }
    }
    for (ModelInput input : inputs) {
      if (!found.containsKey(input.name())) {
        throw TangentsException.user(
            "features: no column for input '%s'. The model's inputs are %s",
            Text.shown(input.name()), ModelInput.listed(inputs));
      }
    }
    return inputs.stream().map(input -> found.get(input.name())).toList();
  }

  private static void requireKnown(String name, List<ModelInput> inputs) {
    List<String> names = inputs.stream().map(ModelInput::name).toList();
    if (!names.contains(name)) {
      throw TangentsException.user(
          "features: the model has no input '%s'%s. Its inputs are %s",
          name,
          Nearest.to(name, names).map(near -> "; perhaps '" + near + "'").orElse(""),
          ModelInput.listed(inputs));
    }
  }
}
