package dev.tangents.udfs.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What DESCRIBE FUNCTION shows. */
class UsageTest {
  private static final Pattern ARGUMENT = Pattern.compile("\n {6}\\* (\\S+) - .");
  private static final Pattern OPTION = Pattern.compile("\n {10}(\\S+) - .");

  static Stream<SqlFunction<?>> functions() {
    return Stream.concat(Functions.ofRows().stream(), Functions.ofGroups().stream());
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void eachWayToCallItIsShown() {
    assertEquals(
        "_FUNC_(model, x[, options]), _FUNC_(model, x, label, loss[, options]) - "
            + new ParameterGradientNorm().help().meaning()
            + ".",
        new Usage(new ParameterGradientNorm()).summary());
  }

  @Test
  void argumentsOfAllWaysAndTheirOptionsAreShown() {
    String text = new Usage(new LossGradient()).arguments();
    assertEquals(
        List.of("model", "x", "label", "loss", "k", "seed", "options"), found(ARGUMENT, text));
    assertEquals(
        List.of(
            "model-output",
            "select-outputs",
            "params",
            "tie",
            "batch-axis",
            "trained",
            "binary-type",
            "delta"),
        found(OPTION, text));
    assertEquals(List.of("model", "x", "options"), found(ARGUMENT, usage(new Hessian())));
    assertEquals(
        List.of(
            "model-output",
            "select-outputs",
            "tie",
            "batch-axis",
            "trained",
            "binary-type",
            "order"),
        found(OPTION, usage(new Hessian())));
  }

  private static String usage(SqlFunction<?> function) {
    return new Usage(function).arguments();
  }

  @Test
  void notesAreThereOrNot() {
    assertEquals("", new Usage(new Predict()).note());
    assertEquals(
        "\n    The three orders agree up to rounding.\n  ", new Usage(new Hessian()).note());
  }

  /**
   * Spark cuts texts at these signs, and refuses some forms only when the function is asked for.
   */
  @ParameterizedTest
  @MethodSource("functions")
  void textsHaveTheFormThatSparkWants(SqlFunction<?> function) {
    Usage usage = new Usage(function);
    assertTrue(usage.summary().startsWith("_FUNC_(model, x"), usage.summary());
    assertTrue(usage.example().startsWith("\n    Examples:\n      > SELECT "), usage.example());
    assertTrue(usage.example().contains("_FUNC_("), usage.example());
    assertFalse(usage.summary().contains(".."), usage.summary());
    for (String text : List.of(usage.arguments(), usage.example(), usage.note())) {
      assertTrue(text.isEmpty() || (text.startsWith("\n    ") && text.endsWith("\n  ")), text);
      assertFalse(text.contains(function.name()), "by another name it is the same");
    }
  }
}
