package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.job.io.panel.FactorFile;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.Panel;
import dev.tangents.udfs.executor.EngineName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Panels of one worker that another of the same executor needs. */
class PanelExchangeTest {
  private static final int PANELS = 6;

  private TileWorker first;
  private TileWorker second;

  /** A panel that counts how often it is read. */
  private record Counted(RandomPanel samples, AtomicInteger reads) implements PanelSource {
    static Counted of(int panel) {
      return new Counted(
          new RandomPanel("samples/panel-" + panel, 7, Kernels.WIDTH, panel), new AtomicInteger());
    }

    @Override
    public String name() {
      return samples.name();
    }

    @Override
    public int rows() {
      return samples.rows();
    }

    @Override
    public HostTensor read() {
      reads.incrementAndGet();
      return samples.read();
    }

    @Override
    public Optional<FactorFile> factors(int pass) {
      return Optional.empty();
    }
  }

  /** With no cache a worker holds the two panels of its last tile. */
  @BeforeEach
  void open() {
    Supplier<TileWorker> maker = Kernels.workers("trace", 8);
    first = maker.get();
    second = maker.get();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private static float[] tile(TileWorker worker, Counted rows, Counted columns) {
    TileWorker.Pair pair = new TileWorker.Pair(rows, columns);
    return worker.tiles(List.of(pair), Set.of()).get(0).get(0).floats().clone();
  }

  @Test
  void whatAnotherWorkerHoldsIsCopiedAndGivesTheSameBits() {
    Counted rows = Counted.of(0);
    Counted columns = Counted.of(1);
    float[] computed = tile(first, rows, columns);
    assertArrayEquals(computed, tile(second, rows, columns));
    assertEquals(1, rows.reads().get());
    assertEquals(1, columns.reads().get());
  }

  @Test
  void whatAnotherWorkerHasFreedIsComputed() {
    Counted rows = Counted.of(0);
    Counted columns = Counted.of(1);
    float[] computed = tile(first, rows, columns);
    tile(first, Counted.of(2), Counted.of(3));
    assertArrayEquals(computed, tile(second, rows, columns));
    assertEquals(2, rows.reads().get());
    assertEquals(2, columns.reads().get());
  }

  /** A panel that failed its check may be a copy of another's, which is damaged too. */
  @Test
  void aPanelThatIsDroppedIsCopiedFromNobody() {
    Counted rows = Counted.of(0);
    Counted columns = Counted.of(1);
    float[] computed = tile(first, rows, columns);
    tile(second, rows, columns);
    second.drop(new TileWorker.Pair(rows, columns));
    assertArrayEquals(computed, tile(second, rows, columns));
    assertEquals(2, rows.reads().get());
    assertEquals(2, columns.reads().get());
  }

  /** Whoever ends an offer waits for those who copy it, and what they have copied is not used. */
  @Test
  void aCopyThatIsUnderWayWhenItsPanelIsDroppedIsGivenUp() throws Exception {
    KernelSpec spec = Kernels.of("trace", EngineName.REFERENCE, Arithmetic.STRICT, 8);
    NetworkSpec.Network network = spec.network().planned(spec.model().load(name -> null));
    PanelExchange exchange = new PanelExchange();
    try (Engine engine = new ReferenceEngine();
        GramKernel kernel =
            new GramKernel(engine, network.plan(), network.model().weights(), spec.microBatch());
        Panel held = kernel.panel(Counted.of(0).read())) {
      PanelExchange.Offer offer = exchange.offer("panel", held);
      Thread ending = new Thread(() -> exchange.endAll("panel"));
      Optional<Panel> copy =
          exchange.copy(
              "panel",
              panel -> {
                ending.start();
                while (!offer.isOver()) {
                  Thread.onSpinWait();
                }
                assertTrue(ending.isAlive(), "does not wait for the copy");
                return kernel.copy(panel);
              });
      ending.join();
      assertEquals(Optional.empty(), copy);
      assertEquals(Optional.empty(), exchange.copy("panel", kernel::copy));
    }
  }

  /** Each frees what the other copies, all the time. */
  @Test
  void twoWorkersAtOnceGiveTheBitsOfOne() throws Exception {
    List<Counted> panels = new ArrayList<>();
    for (int i = 0; i < PANELS; i++) {
      panels.add(Counted.of(i));
    }
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < PANELS * PANELS; i++) {
      expected.add(tile(first, panels.get(i / PANELS), panels.get(i % PANELS)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (TileWorker worker : List.of(first, second)) {
        Random order = new Random(worker == first ? 1 : 2);
        work.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 400; n++) {
                    int i = order.nextInt(expected.size());
                    assertArrayEquals(
                        expected.get(i),
                        tile(worker, panels.get(i / PANELS), panels.get(i % PANELS)));
                  }
                }));
      }
      for (Future<?> done : work) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
