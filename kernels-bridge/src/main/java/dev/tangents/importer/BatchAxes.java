package dev.tangents.importer;

import dev.tangents.error.TangentsException;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which axis of a model's inputs and outputs is the batch, where it is not the first.
 *
 * @param axes an axis, by its index or by the name that the file gives it, for a value of that
 *     name, and under the empty name for all inputs
 */
public record BatchAxes(Map<String, String> axes) implements Serializable {
  /** Copies the map. */
  public BatchAxes {
    axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
  }

  /** The first axis everywhere. */
  public static BatchAxes first() {
    return new BatchAxes(Map.of());
  }

  /**
   * Reads {@code AXIS} or {@code NAME=AXIS,...}, one of them without a name at most.
   *
   * @throws TangentsException of category USER for anything else
   */
  public static BatchAxes parse(String list) {
    Map<String, String> axes = new LinkedHashMap<>();
    for (String part : list.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      String name = equals < 0 ? "" : part.substring(0, equals).strip();
      String axis = part.substring(equals + 1).strip();
      if (axis.isEmpty() || (equals >= 0 && name.isEmpty()) || axes.put(name, axis) != null) {
        throw TangentsException.user(
            "batch-axis: expected an axis for all inputs (1, or its name in the file), or NAME=AXIS once for"
                + " an input or the output, got '%s'",
            list);
      }
    }
    return new BatchAxes(axes);
  }

  /** Whether nothing was said. */
  public boolean isEmpty() {
    return axes.isEmpty();
  }

  /** The axis of an input: its own, else that of all. */
  public Optional<String> ofInput(String name) {
    return ofOutput(name).or(() -> Optional.ofNullable(axes.get("")));
  }

  /** The axis of an output, if it is named. */
  public Optional<String> ofOutput(String name) {
    return Optional.ofNullable(axes.get(name));
  }

  /**
   * Refuses a name that the model has not.
   *
   * @throws TangentsException of category USER
   */
  public void requireKnown(Set<String> names) {
    for (String name : axes.keySet()) {
      if (!name.isEmpty() && !names.contains(name)) {
        throw TangentsException.user(
            "batch-axis: no input or output '%s'. The model has %s",
            Text.shown(name), Text.shown(String.join(", ", names)));
      }
    }
  }
}
