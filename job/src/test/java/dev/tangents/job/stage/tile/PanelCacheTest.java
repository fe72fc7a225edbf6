package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.Panel;
import dev.tangents.udfs.executor.EngineName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which panels a worker keeps. */
class PanelCacheTest {
  private static final int ROWS = 7;

  private final PanelExchange exchange = new PanelExchange();
  private Engine engine;
  private GramKernel kernel;
  private long size;

  @BeforeEach
  void open() {
    KernelSpec spec = Kernels.of("trace", EngineName.REFERENCE, Arithmetic.STRICT, 8);
    NetworkSpec.Network network = spec.network().planned(spec.model().load(name -> null));
    engine = new ReferenceEngine();
    kernel = new GramKernel(engine, network.plan(), network.model().weights(), spec.microBatch());
    size = panel().bytes();
  }

  @AfterEach
  void close() {
    kernel.close();
    engine.close();
  }

  private Panel panel() {
    return kernel.panel(new RandomPanel("samples", ROWS, Kernels.WIDTH, 1).read());
  }

  /** A cache of the two panels of a tile and so many more, which has met some in their order. */
  private PanelCache met(int more, String... names) {
    PanelCache cache = new PanelCache(more * size, exchange);
    List.of(names).forEach(name -> cache.put(name, panel()));
    return cache;
  }

  private static List<String> held(PanelCache cache) {
    return Stream.of("a", "b", "c", "d").filter(name -> cache.find(name).isPresent()).toList();
  }

  @Test
  void nothingIsFreedWhileThereIsRoom() {
    PanelCache cache = met(1, "a", "b");
    cache.makeRoom(size, "b", Set.of());
    assertEquals(List.of("a", "b"), held(cache));
    cache.clear();
  }

  @Test
  void thePanelThatWasUsedLongestAgoGoesFirst() {
    PanelCache cache = met(1, "a", "b", "c");
    assertTrue(cache.find("a").isPresent()); // b is the eldest now
    cache.makeRoom(size, "c", Set.of());
    assertEquals(List.of("a", "c"), held(cache));
    cache.clear();
  }

  @Test
  void whatIsExpectedAgainStaysWhileSomethingElseIsThere() {
    PanelCache cache = met(1, "a", "b", "c");
    cache.makeRoom(size, "c", Set.of("a"));
    assertEquals(List.of("a", "c"), held(cache));
    cache.clear();
  }

  /** Where all but one are expected again and there is room for a tile's two panels alone. */
  @Test
  void thePanelOfTheSameTileStaysAndAllElseGoesIfItMust() {
    PanelCache cache = met(0, "a", "b", "c");
    cache.makeRoom(size, "a", Set.of("a", "b", "c"));
    assertEquals(List.of("a"), held(cache));
    cache.clear();
  }

  @Test
  void whatIsFreedIsCopiedByNobody() {
    PanelCache cache = met(1, "a");
    assertTrue(exchange.copy("a", kernel::copy).map(PanelCacheTest::closed).isPresent());
    cache.drop("a");
    assertFalse(cache.find("a").isPresent());
    assertEquals(Optional.empty(), exchange.copy("a", kernel::copy));
  }

  private static Panel closed(Panel panel) {
    panel.close();
    return panel;
  }

  /** Another worker has found that a copy of it fails its check. */
  @Test
  void aPanelThatAnotherWorkerHasEndedIsNotFound() {
    PanelCache cache = met(1, "a", "b");
    exchange.endAll("a");
    assertEquals(List.of("b"), held(cache));
    cache.clear();
  }
}
