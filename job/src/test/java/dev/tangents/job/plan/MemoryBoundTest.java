package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is tried next where memory has run out. */
class MemoryBoundTest {
  /** A panel of 2,048 samples takes 49 MB. */
  private static final String MODEL = "mlp:784-1024-1024-1024-1:relu";

  private static Configuration configuration(String... pairs) {
    Map<String, Value> values = new LinkedHashMap<>(Map.of("model", new Value(MODEL, "test")));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], new Value(pairs[i + 1], "test"));
    }
    return Configuration.resolve(List.of(new Layer(values)));
  }

  private static GramRunPlan plan(Configuration configuration, long samples, MemoryBound bound) {
    NetworkSpec.Network network =
        NetworkSpec.of(configuration)
            .load(
                name -> {
                  throw new AssertionError("no file is opened for " + name);
                });
    return GramRunPlan.of(configuration, network, List.of(samples), bound.memory());
  }

  /** Bounds of panels and of caches, in the order in which they are tried. */
  private static List<List<Long>> tried(
      Configuration configuration, long samples, MemoryBound first) {
    List<List<Long>> tried = new ArrayList<>();
    MemoryBound bound = first;
    GramRunPlan plan = plan(configuration, samples, bound);
    tried.add(List.of(bound.memory().panelMib(), bound.memory().cacheMib()));
    while (!bound.least(plan)) {
      bound = bound.less(plan);
      plan = plan(configuration, samples, bound);
      tried.add(List.of(bound.memory().panelMib(), bound.memory().cacheMib()));
    }
    return tried;
  }

  @Test
  void theCacheGoesBeforePanelsAreHalved() {
    Configuration configuration = configuration();
    assertEquals(
        List.of(
            List.of(1024L, 2048L),
            List.of(1024L, 512L),
            List.of(1024L, 128L),
            List.of(512L, 128L),
            List.of(256L, 128L),
            List.of(128L, 128L),
            List.of(64L, 64L),
            List.of(32L, 32L),
            List.of(16L, 16L)),
        tried(configuration, 1_000_000, MemoryBound.of(configuration, false)));
  }

  @Test
  void aCacheIsNotCutBelowTheLeastBeforePanelsAre() {
    Configuration configuration = configuration("cache-mib", "500");
    MemoryBound bound = MemoryBound.of(configuration, false);
    GramRunPlan plan = plan(configuration, 1_000_000, bound);
    assertEquals(new GramRunPlan.Memory(1024, 128), bound.less(plan).memory());
  }

  @Test
  void panelsThatMustStayAreNeverCutDown() {
    Configuration configuration = configuration();
    MemoryBound bound = MemoryBound.of(configuration, true);
    GramRunPlan plan = plan(configuration, 4096, bound);
    assertTrue(bound.least(plan));
    assertThrows(IllegalStateException.class, () -> bound.less(plan));
  }

  /** Two panels are all there is: no memory is asked for others, and none is given up. */
  @Test
  void aCacheWithoutPanelsIsNotCutDown() {
    Configuration configuration = configuration();
    MemoryBound bound = MemoryBound.of(configuration, false);
    GramRunPlan plan = plan(configuration, 4096, bound);
    assertEquals(0, plan.cacheBytes());
    assertEquals(new GramRunPlan.Memory(512, 512), bound.less(plan).memory());
    GramRunPlan three = plan(configuration, 3 * 2048, bound);
    assertEquals(three.panelBytes(), three.cacheBytes());
  }

  @Test
  void panelsThatMustStayStayAndTheWholeCacheGoes() {
    Configuration small = configuration("cache-mib", "500");
    assertEquals(
        List.of(
            List.of(1024L, 500L),
            List.of(1024L, 125L),
            List.of(1024L, 31L),
            List.of(1024L, 7L),
            List.of(1024L, 1L),
            List.of(1024L, 0L)),
        tried(small, 1_000_000, MemoryBound.of(small, true)));
    assertTrue(MemoryBound.of(configuration("tile", "64"), false).fixed());
  }

  @Test
  void panelsOfAnEarlierPartOfTheRunStay() {
    MemoryBound found = MemoryBound.of(configuration(), false).keepingPanels(64);
    assertEquals(new GramRunPlan.Memory(64, 2048), found.memory());
    assertTrue(found.fixed());
  }
}
