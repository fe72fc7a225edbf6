package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  @Test
  void laterLayersWinAndEveryValueKnowsItsOrigin() {
    Layer file = ConfigFile.read("a.conf", new StringReader("tile = 8\nscale = 0.5\nshift = 1\n"));
    Layer spark = SparkLayer.of(Map.of("spark.tangents.tile", "16", "spark.app.name", "x"));
    Layer flags = layer("scale", "2", "flag --scale");
    Configuration resolved = Configuration.resolve(List.of(file, spark, flags));
    assertEquals(16L, resolved.get(Settings.TILE));
    assertEquals(2.0, resolved.get(Settings.SCALE));
    assertEquals(1.0, resolved.get(Settings.SHIFT));
    assertEquals("Spark property spark.tangents.tile", resolved.values().get("tile").origin());
    assertEquals("flag --scale", resolved.values().get("scale").origin());
    assertEquals("a.conf line 3", resolved.values().get("shift").origin());
    assertEquals("default", resolved.values().get("dtype").origin());
  }

  @Test
  void defaultsArePinned() {
    Map<String, String> defaults = new LinkedHashMap<>();
    Settings.all().forEach(s -> s.standard().ifPresent(text -> defaults.put(s.key(), text)));
    assertEquals(
        "{model-output=output, format=auto, features=features, binary-type=float, scale=1.0,"
            + " shift=0.0, params=*, kernel=trace, components=false, dtype=float, engine=nd4j,"
            + " require-gpu=false, gpu-tasks=2, precision=strict, micro-batch=256, panel-mib=1024, cache-mib=2048, factors=auto, mirror=false,"
            + " compression=none,"
            + " verify-model=true,"
            + " if-exists=fail, mixed-hardware=false, hang-minutes=60, dry-run=false, wrt=inputs, mode=auto,"
            + " order=forward-over-reverse, seed=0,"
            + " diagonal=false, laplacian=false, loss=mse, delta=1.0, per-sample=false, norms=false,"
            + " memory=512, checks=all, model-cache-mib=1024, batch=256, samples=64, json=false}",
        defaults.toString());
  }

  @Test
  void unknownKeyNamesItsOriginAndTheNearest() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                Configuration.resolve(
                    List.of(ConfigFile.read("a.conf", new StringReader("\nfeaturs = x")))));
    assertEquals(Category.USER, e.category());
    assertEquals(
        "featurs: unknown setting (a.conf line 2). Did you mean features?", e.getMessage());
  }

  @Test
  void unknownSparkPropertyIsAnErrorToo() {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                Configuration.resolve(
                    List.of(SparkLayer.of(Map.of("spark.tangents.micro_batch", "1")))));
    assertEquals(
        "micro_batch: unknown setting (Spark property spark.tangents.micro_batch). Did you mean"
            + " micro-batch?",
        e.getMessage());
  }

  @Test
  void badValuesNameRuleValueAndOrigin() {
    assertMessage(
        "tile: expected a whole number of at least 1, got '0' (flag --tile)", "tile", "0");
    assertMessage(
        "tile: expected a whole number of at least 1, got 'many' (flag --tile)", "tile", "many");
    assertMessage(
        "memory: expected a whole number from 1 to 1099511627776, got '9223372036854775807'"
            + " (flag --memory)",
        "memory",
        "9223372036854775807");
    assertMessage(
        "project: expected a whole number from 1 to 2147483647, got '2147483648' (flag --project)",
        "project",
        "2147483648");
    assertMessage(
        "precision: expected one of strict, 3xtf32, tf32, bf16 (did you mean tf32?), got 'tf23'"
            + " (flag --precision)",
        "precision",
        "tf23");
    assertMessage("scale: expected a finite number, got 'NaN' (flag --scale)", "scale", "NaN");
    assertMessage("mirror: expected true or false, got 'yes' (flag --mirror)", "mirror", "yes");
    assertMessage(
        "kernel: expected one of trace, full, per-output, sum (did you mean trace?), got 'trase'"
            + " (flag --kernel)",
        "kernel",
        "trase");
  }

  @Test
  void missingValueNamesFlagAndKey() {
    Configuration none = Configuration.resolve(List.of());
    TangentsException e = assertThrows(TangentsException.class, () -> none.get(Settings.MODEL));
    assertEquals(
        "model: missing. Give --model FILE|SPEC, or the key model in the file of --config",
        e.getMessage());
    assertEquals(Optional.empty(), none.find(Settings.LIMIT));
  }

  @Test
  void resultHashDependsOnWhatShapesTheResultAlone() {
    String plain = Configuration.resolve(List.of()).resultHash(Map.of());
    Configuration elsewhere = Configuration.resolve(List.of(layer("output", "x", "flag")));
    Configuration scaled = Configuration.resolve(List.of(layer("scale", "2", "flag")));
    Configuration same = Configuration.resolve(List.of(layer("scale", "1", "flag")));
    assertEquals(plain, elsewhere.resultHash(Map.of()));
    assertEquals(plain, same.resultHash(Map.of()));
    assertNotEquals(plain, scaled.resultHash(Map.of()));
    for (String precision : List.of("3xtf32", "tf32", "bf16")) {
      Configuration reduced = Configuration.resolve(List.of(layer("precision", precision, "flag")));
      assertNotEquals(plain, reduced.resultHash(Map.of()));
      assertEquals(precision, reduced.shaping().get("precision"));
    }
    Configuration bounded = Configuration.resolve(List.of(layer("max-error", "1e-4", "flag")));
    assertNotEquals(plain, bounded.resultHash(Map.of()));
    assertNotEquals(plain, elsewhere.resultHash(Map.of("model", "1")));
  }

  @Test
  void anEmptyPathIsToldAsEmpty() {
    assertMessage(
        "output: expected a path, which is not empty, got '' (flag --output)", "output", "");
    assertMessage("to: expected a path, which is not empty, got ' ' (flag --to)", "to", " ");
  }

  private static void assertMessage(String message, String key, String value) {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> Configuration.resolve(List.of(layer(key, value, "flag --" + key))));
    assertEquals(message, e.getMessage());
  }

  private static Layer layer(String key, String text, String origin) {
    return new Layer(Map.of(key, new Value(text, origin)));
  }
}
