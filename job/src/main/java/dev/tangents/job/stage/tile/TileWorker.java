package dev.tangents.job.stage.tile;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.panel.FactorFile;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.MachineRates;
import dev.tangents.kernel.Panel;
import dev.tangents.kernel.Rates;
import dev.tangents.kernel.StrictSample;
import dev.tangents.kernel.TileAssembly;
import dev.tangents.kernel.TileShare;
import dev.tangents.kernel.check.KernelCheck;
import dev.tangents.udfs.executor.GpuRequest;
import dev.tangents.udfs.executor.Worker;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A worker with a prepared kernel and a bounded cache of panels. */
public final class TileWorker extends Worker {
  private final KernelSpec spec;
  private final NetworkSpec.Network network;
  private final PanelCache panels;
  private final HostArrays arrays = new HostArrays(0);
  private GramKernel kernel;
  private TileCheck check;
  private long readNanos;
  private long networkNanos;
  private long tileNanos;
  private long copyNanos;
  private Map<String, Long> taken = Map.of();
  private Rates rates;

  /**
   * A worker of an executor.
   *
   * @param exchange what the executor's other workers of the same specification hold
   */
  TileWorker(KernelSpec spec, NetworkSpec.Network network, PanelExchange exchange) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.network = network;
    this.panels = new PanelCache(spec.cacheBytes(), exchange);
  }

  /** A worker with an engine of its own, which exchanges no panels with others. */
  TileWorker(KernelSpec spec, NetworkSpec.Network network, Function<GpuRequest, Engine> open) {
    super(spec, open);
    this.spec = spec;
    this.network = network;
    this.panels = new PanelCache(spec.cacheBytes(), new PanelExchange());
  }

  /** Factors that are to be stored. */
  interface Factors {
    /** Hands out the numbers. */
    void read(Consumer<HostTensor> sink);
  }

  /** Writes factors. */
  interface FactorSink {
    /** Writes, and returns the bytes. */
    long write(Factors factors) throws IOException;
  }

  /** Runs the network on a panel and hands its factors of a pass to a sink; returns the bytes. */
  long store(PanelSource source, int pass, FactorSink sink) {
    return onThread(
        () -> {
          long before = System.nanoTime();
          HostTensor samples = source.read();
          beat();
          long start = System.nanoTime();
          readNanos += start - before;
          try (Panel panel = kernel().panel(samples, pass)) {
            engine().synchronise();
            networkNanos += System.nanoTime() - start;
            beat();
            return sink.write(panel::read);
          }
        });
  }

  /**
   * Two panels whose tile is wanted.
   *
   * @param rows the row panel
   * @param columns the column panel
   */
  record Pair(PanelSource rows, PanelSource columns) {
    /** Whether it is one panel with itself. */
    private boolean alone() {
      return rows.name().equals(columns.name());
    }
  }

  /**
   * The tiles of pairs of panels: for each one tensor [B, n, m] a component, on the heap. Of a plan
   * of several passes, every pass goes through all pairs.
   *
   * @param pairs in an order in which neighbours share a panel
   * @param held names of panels that will be met again
   */
  List<List<HostTensor>> tiles(List<Pair> pairs, Set<String> held) {
    return tiles(pairs, held, spec.arithmetic());
  }

  /** One tile in strict arithmetic, whatever that of the others. */
  List<HostTensor> strictly(Pair pair, Set<String> held) {
    return tiles(List.of(pair), held, Arithmetic.STRICT).get(0);
  }

  private List<List<HostTensor>> tiles(List<Pair> pairs, Set<String> held, Arithmetic arithmetic) {
    return onThread(
        () -> {
          // As many as these need, and one tile that is still being written.
          arrays.keep((pairs.size() + 1) * network.plan().components().size());
          List<TileAssembly> tiles =
              pairs.stream().map(pair -> new TileAssembly(network.plan(), arrays)).toList();
          for (int pass = 0; pass < network.plan().passes(); pass++) {
            for (int i = 0; i < pairs.size(); i++) {
              Pair pair = pairs.get(i);
              Panel left = panel(pair.rows(), pass, pair.columns(), held);
              Panel right = panel(pair.columns(), pass, pair.rows(), held);
              beat();
              long start = System.nanoTime();
              TileShare share =
                  pair.alone()
                      ? kernel().diagonal(left, arithmetic)
                      : kernel().tile(left, right, arithmetic);
              engine().synchronise();
              long formed = System.nanoTime();
              tiles.get(i).add(pass, share);
              tileNanos += formed - start;
              copyNanos += System.nanoTime() - formed;
            }
          }
          return tiles.stream().map(TileAssembly::components).toList();
        });
  }

  /** Takes back a tile whose numbers nobody reads any more: the next ones go to its memory. */
  void giveBack(List<HostTensor> tile) {
    onThread(
        () -> {
          tile.forEach(arrays::give);
          return null;
        });
  }

  /**
   * How far some entries of a tile are from J (J^T v).
   *
   * @param tile as {@link #tiles} gives it
   * @param draw which entries
   */
  double residual(Pair pair, List<HostTensor> tile, int draw) {
    return onThread(() -> check().residual(timed(pair), tile, draw));
  }

  /**
   * How far some entries of a tile in a reduced arithmetic are from strict ones, and these from J
   * (J^T v).
   *
   * @param tile as {@link #tiles} gives it
   * @param withResidual whether the second is wanted
   */
  TileCheck.Measure measure(Pair pair, List<HostTensor> tile, boolean withResidual) {
    return onThread(() -> check().measure(timed(pair), tile, withResidual));
  }

  /** A pair of panels whose reading is timed. */
  private Pair timed(Pair pair) {
    return new Pair(timed(pair.rows()), timed(pair.columns()));
  }

  private PanelSource timed(PanelSource source) {
    return source.timed(nanos -> readNanos += nanos);
  }

  /** Forgets panels: one of them may be damaged. */
  void drop(Pair pair) {
    onThread(
        () -> {
          for (int pass = 0; pass < network.plan().passes(); pass++) {
            for (PanelSource source : List.of(pair.rows(), pair.columns())) {
              panels.drop(key(source.name(), pass));
            }
          }
          return null;
        });
  }

  /**
   * What this thread does in a second; the reference's rates where there was no room to measure.
   */
  Rates rates() {
    return onThread(this::measured);
  }

  private Rates measured() {
    if (rates == null) {
      try {
        rates = MachineRates.of(engine());
      } catch (TangentsException e) {
        rates =
            spec.engine().onGpu()
                ? Rates.GPU
                : Rates.REFERENCE; // a prediction for the record must not end a run
      }
    }
    return rates;
  }

  /**
   * Takes the memory of tiles of {@code n} x {@code m} once, to see that it is there.
   *
   * @param diagonal whether there are tiles of a panel with itself
   * @param tasks tasks that share the process's memory
   */
  public void rehearse(long n, long m, boolean diagonal, int tasks) {
    onThread(
        () -> {
          measured(); // while no panel takes memory
          Set<Arithmetic> arithmetics = EnumSet.of(spec.arithmetic(), Arithmetic.STRICT);
          kernel()
              .rehearse(n, m, spec.cacheBytes() + check().bytes(), tasks, arithmetics, diagonal);
          return null;
        });
  }

  /**
   * Time spent since the last call.
   *
   * @param read nanoseconds in reading samples
   * @param network in network passes, or in reading or copying what they have left
   * @param tiles in tiles
   * @param copies in copying tiles to the heap
   * @param parameters in each parameter's share of tiles, by name
   */
  record Nanos(long read, long network, long tiles, long copies, Map<String, Long> parameters) {}

  /** The time spent since the last call. */
  Nanos takeNanos() {
    return onThread(
        () -> {
          Map<String, Long> all = kernel().tileNanos();
          Map<String, Long> since = new HashMap<>(all);
          taken.forEach((name, nanos) -> since.merge(name, -nanos, Long::sum));
          taken = all;
          Nanos spent = new Nanos(readNanos, networkNanos, tileNanos, copyNanos, since);
          readNanos = 0;
          networkNanos = 0;
          tileNanos = 0;
          copyNanos = 0;
          return spent;
        });
  }

  @Override
  protected void free() {
    panels.clear();
    if (kernel != null) {
      kernel.close();
    }
    if (check != null) {
      check.close();
    }
  }

  private TileCheck check() {
    if (check == null) {
      check =
          new TileCheck(
              new KernelCheck(
                  engine(),
                  network.graph(),
                  network.plan().request(),
                  network.model().weights(),
                  spec.checkSamples()),
              strictSample(),
              spec.checkSamples());
    }
    return check;
  }

  private Optional<StrictSample> strictSample() {
    return spec.arithmetic() == Arithmetic.STRICT
        ? Optional.empty()
        : Optional.of(
            new StrictSample(
                engine(), network.plan(), network.model().weights(), spec.checkSamples()));
  }

  private GramKernel kernel() {
    if (kernel == null) {
      kernel =
          new GramKernel(engine(), network.plan(), network.model().weights(), spec.microBatch());
    }
    return kernel;
  }

  private Panel panel(PanelSource source, int pass, PanelSource other, Set<String> held)
      throws Exception {
    String key = key(source.name(), pass);
    Optional<Panel> known = panels.find(key);
    if (known.isPresent()) {
      return known.get();
    }
    beat();
    long start = System.nanoTime();
    long before = readNanos; // what is spent on reading is counted there
    Set<String> wanted =
        held.stream().map(name -> key(name, pass)).collect(Collectors.toUnmodifiableSet());
    panels.makeRoom(kernel().panelBytes(source.rows()), key(other.name(), pass), wanted);
    Panel panel = brought(source, pass);
    engine().synchronise(); // others may copy it from here on
    panels.put(key, panel);
    networkNanos += System.nanoTime() - start - (readNanos - before);
    return panel;
  }

  /** A panel from where it is had soonest. */
  private Panel brought(PanelSource source, int pass) throws Exception {
    Optional<Panel> copy = copied(key(source.name(), pass));
    Optional<Panel> found = copy.isPresent() ? copy : stored(source, pass);
    if (found.isPresent()) {
      return found.get();
    }
    HostTensor samples = timed(source).read();
    check().remember(source.name(), samples);
    return kernel().panel(samples, pass);
  }

  /** A panel that another worker holds, on the same device. */
  private Optional<Panel> copied(String key) {
    return engine().shares() ? panels.copy(key, panel -> kernel().copy(panel)) : Optional.empty();
  }

  /** A panel by its stored factors; nothing if there are none, or they are damaged. */
  private Optional<Panel> stored(PanelSource source, int pass) throws IOException {
    Optional<FactorFile> file = source.factors(pass);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (FactorFile factors = file.get()) {
      Panel panel = kernel().restore(source.rows(), pass, factors);
      try {
        factors.requireWhole();
        return Optional.of(panel);
      } catch (IOException | TangentsException e) {
        panel.close();
        throw e;
      }
    } catch (TangentsException e) {
      if (e.category() == Category.DATA) {
        return Optional.empty(); // they are computed again
      }
      throw e;
    }
  }

  private String key(String panel, int pass) {
    return panel + "#" + pass + "@" + engine().device().orElse("");
  }
}
