package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is tried next where memory has run out. */
class MemoryBoundTest {
  private static List<String> tried(MemoryBound first) {
    List<String> tried = new ArrayList<>(List.of(first.toString()));
    for (MemoryBound bound = first; !bound.least(); ) {
      bound = bound.half();
      tried.add(bound.toString());
    }
    return tried;
  }

  @Test
  void panelsAreHalvedToTheLeastThatIsWorthWhile() {
    MemoryBound bound = MemoryBound.of(Configuration.resolve(List.of()), false);
    assertEquals(
        List.of(1024, 512, 256, 128, 64, 32, 16).stream()
            .map(mib -> "panels of " + mib + " MiB")
            .toList(),
        tried(bound));
    assertEquals(new GramRunPlan.Memory(256, 256), bound.half().half().memory());
  }

  @Test
  void panelsThatMustStayStayAndTheCacheGoes() {
    Layer small = new Layer(Map.of("cache-mib", new Value("5", "test")));
    MemoryBound known = MemoryBound.of(Configuration.resolve(List.of(small)), true);
    assertEquals(
        List.of("a cache of 5 MiB", "a cache of 2 MiB", "a cache of 1 MiB", "a cache of 0 MiB"),
        tried(known));
    assertEquals(1024, known.half().memory().panelMib());
    Layer tile = new Layer(Map.of("tile", new Value("64", "test")));
    assertEquals(true, MemoryBound.of(Configuration.resolve(List.of(tile)), false).fixed());
  }
}
