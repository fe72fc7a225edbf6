package dev.tangents.udfs.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which options there are, and which function takes which. */
class OptionKeyTest {
  /** Of every function. */
  private static final Set<String> ALL =
      Set.of("model-output", "select-outputs", "tie", "batch-axis", "trained", "binary-type");

  private static SqlFunction<?> function(String name) {
    return Stream.<SqlFunction<?>>concat(Functions.ofRows().stream(), Functions.ofGroups().stream())
        .filter(function -> function.name().equals("tangents_" + name))
        .findFirst()
        .orElseThrow();
  }

  /** As the flags of the command line, in whatever language the machine speaks. */
  @Test
  void keysAreInKebabCase() {
    assertEquals(
        List.of(
            "model-output",
            "select-outputs",
            "params",
            "tie",
            "batch-axis",
            "trained",
            "binary-type",
            "mode",
            "order",
            "delta"),
        Arrays.stream(OptionKey.values()).map(OptionKey::key).toList());
  }

  @Test
  void keysAreFoundAsTheyAreWritten() {
    for (OptionKey key : OptionKey.values()) {
      assertEquals(Optional.of(key), OptionKey.named(key.key()));
    }
    for (String other : List.of("", "TIE", "Params", "batch_axis", "mode ")) {
      assertEquals(Optional.empty(), OptionKey.named(other), other);
    }
  }

  /**
   * A way to call a function, by the number of its arguments, and what it takes beyond the rest.
   */
  @ParameterizedTest
  @CsvSource({
    "predict, 2, ''",
    "jacobian, 2, mode",
    "determinant, 2, ''",
    "hessian, 2, order",
    "laplacian, 2, ''",
    "jvp, 3, ''",
    "vjp, 3, ''",
    "loss, 4, delta",
    "loss_gradient, 4, params delta",
    "loss_gradient, 6, params delta",
    "param_gradient_norm, 2, params",
    "param_gradient_norm, 4, params delta",
    "ntk, 3, params",
    "features, 4, params",
    "gradient, 4, params delta",
    "mean_ntk, 2, params",
  })
  void eachFunctionTakesWhatConcernsIt(String name, int arguments, String more) {
    Set<String> expected = new HashSet<>(ALL);
    Stream.of(more.split(" ")).filter(key -> !key.isEmpty()).forEach(expected::add);
    Set<String> taken = new HashSet<>();
    OptionKey.of(function(name).form(arguments)).forEach(option -> taken.add(option.key()));
    assertEquals(expected, taken);
  }
}
