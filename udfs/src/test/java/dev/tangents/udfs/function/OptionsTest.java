package dev.tangents.udfs.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelOutput;
import dev.tangents.rows.Mode;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.sample.BinaryType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The last argument of a function. */
class OptionsTest {
  @Test
  void aCommaBelongsToAValueUnlessAKeyFollows() {
    Options options =
        Options.parse("params=a*,b?, select-outputs=0,3,7-9 ,model-output=logits;mode=forward");
    assertEquals("a*,b?", options.parameters());
    assertEquals(Mode.FORWARD, options.mode());
    ModelSpec model = options.model("net.onnx");
    assertEquals(List.of(0, 3, 7, 8, 9), model.selectedOutputs());
    assertEquals(ModelOutput.LOGITS, model.options().output());
  }

  @Test
  void defaultsAreThoseOfTheCommandLine() {
    Options options = Options.parse("");
    assertEquals(Map.of(), options.values());
    assertEquals("*", options.parameters());
    assertEquals(Mode.AUTO, options.mode());
    assertEquals(1, options.delta());
    assertEquals(BinaryType.FLOAT, options.binaryType());
    assertEquals(ModelOutput.OUTPUT, options.model("net.onnx").options().output());
    assertEquals(
        ModelOutput.named("/head/out"),
        Options.parse("model-output= /head/out").model("net.onnx").options().output());
  }

  @Test
  void unreadableAndUnknownOptionsAreRefusedByName() {
    assertSays("options: expected key=value pairs", () -> Options.parse("logits"));
    Form<?> predict = new Predict().forms().get(0);
    assertSays(
        "options: 'param' is none of this function, which takes model-output, select-outputs, tie, batch-axis,"
            + " trained, binary-type. Several",
        () -> Options.parse("param=a").of(predict));
    assertSays(
        "options: 'mode' is none of this function", () -> Options.parse("mode=auto").of(predict));
    assertSays(
        "options: mode: expected one of auto, forward, reverse, got 'back'",
        () -> Options.parse("mode=back").mode());
    assertSays("delta: expected a number above 0, got '0'", () -> Options.parse("delta=0").delta());
    assertSays("delta: expected a number, got 'x'", () -> Options.parse("delta=x").delta());
  }

  /** Each is taken by some function, and each function says so. */
  @Test
  void functionsTakeWhatConcernsThem() {
    Form<?> loss = new SampleLoss().forms().get(0);
    assertEquals(Map.of("delta", "2"), Options.parse("delta=2").of(loss).values());
    assertTrue(OptionKey.of(new Jacobian().forms().get(0)).contains(OptionKey.MODE));
    assertTrue(OptionKey.of(new Hessian().forms().get(0)).contains(OptionKey.ORDER));
    assertTrue(OptionKey.of(new MeanKernel().forms().get(0)).contains(OptionKey.PARAMS));
    String usage = new Usage(new SampleLoss()).arguments();
    assertTrue(usage.contains("\n      * loss - one of mse, half-mse,"), usage);
    assertTrue(usage.contains("\n          delta - where the loss huber turns"), usage);
    assertFalse(usage.contains("params - "), usage);
  }

  /** What is written is read, whatever stands in the values. */
  @Property
  void optionsAreReadAsTheyAreWritten(
      @ForAll Map<OptionKey, @StringLength(max = 12) @CharRange(from = ' ', to = '~') String> given,
      @ForAll boolean semicolons) {
    Map<String, String> written = new LinkedHashMap<>();
    given.forEach((key, value) -> written.put(key.key(), value.replace(';', ',').strip()));
    String text =
        written.entrySet().stream()
            .map(option -> option.getKey() + " = " + option.getValue())
            .collect(Collectors.joining(semicolons ? " ; " : ", "));
    assertEquals(written, Options.parse(text).values(), text);
  }

  private static void assertSays(String message, Runnable work) {
    String said = assertThrows(TangentsException.class, work::run).getMessage();
    assertTrue(said.contains(message), said);
  }
}
