package dev.tangents.kernel;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Engine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tiles that a kernel has prepared: of each arithmetic and form those of the sizes used last.
 */
final class PreparedTiles implements AutoCloseable {
  /**
   * Sizes of a form in an arithmetic: full tiles, the last row, the last column, the last corner;
   * those used last, of a grown kernel.
   */
  private static final int SIZES = 4;

  private final Engine engine;
  private final KernelPlan plan;
  private final Map<Key, Prepared> tiles = new LinkedHashMap<>(8, 0.75f, true);
  private final Map<String, Long> closedNanos = new HashMap<>();

  /** Whether {@link TriangleTile} serves, by samples of a panel; to find out, graphs are built. */
  private final Map<Long, Boolean> served = new HashMap<>();

  /** Makes a store without any tile; each is prepared when it is first asked for. */
  PreparedTiles(Engine engine, KernelPlan plan) {
    this.engine = engine;
    this.plan = plan;
  }

  /** Executables and memory for tiles of one size. */
  interface Prepared extends AutoCloseable {
    /** Bytes of engine memory held. */
    long bytes();

    /** Nanoseconds spent on each parameter's share since it was made, by name. */
    Map<String, Long> nanos();

    @Override
    void close();
  }

  private record Key(long n, long m, Form form, Arithmetic arithmetic) {
    boolean goesWith(Key other) {
      return form == other.form && arithmetic == other.arithmetic;
    }
  }

  private enum Form {
    RECTANGLE,
    TRIANGLE
  }

  /** The height of strips, made such that the strips of a tensor share what is kept beside it. */
  static long aligned(long height, Engine engine, Arithmetic arithmetic) {
    int together = engine.packedRows(arithmetic);
    return (height + together - 1) / together * together;
  }

  /** The tile of two panels. */
  StripedTile rectangle(long n, long m, Arithmetic arithmetic) {
    return (StripedTile)
        prepared(
            new Key(n, m, Form.RECTANGLE, arithmetic),
            () -> new StripedTile(engine, plan, n, m, arithmetic));
  }

  /** The tile of a panel with itself; empty unless {@link TriangleTile#serves} it. */
  Optional<TriangleTile> triangle(long n, Arithmetic arithmetic) {
    if (!served.computeIfAbsent(n, size -> TriangleTile.serves(plan, size))) {
      return Optional.empty();
    }
    return Optional.of(
        (TriangleTile)
            prepared(
                new Key(n, n, Form.TRIANGLE, arithmetic),
                () -> new TriangleTile(engine, plan, n, arithmetic)));
  }

  private Prepared prepared(Key key, Supplier<Prepared> make) {
    Prepared known = tiles.get(key);
    if (known == null) {
      makeRoom(key);
      known = make.get();
      tiles.put(key, known);
    }
    return known;
  }

  /** Closes what was used longest ago, where there are as many as there may be. */
  private void makeRoom(Key key) {
    List<Key> own = tiles.keySet().stream().filter(key::goesWith).toList();
    if (own.size() == SIZES) {
      Prepared gone = tiles.remove(own.get(0));
      gone.nanos().forEach((name, nanos) -> closedNanos.merge(name, nanos, Long::sum));
      gone.close();
    }
  }

  /** Bytes of engine memory held. */
  long bytes() {
    return tiles.values().stream().mapToLong(Prepared::bytes).sum();
  }

  /** Nanoseconds that tiles have spent on each parameter's share, by name. */
  Map<String, Long> nanos() {
    Map<String, Long> sum = new HashMap<>(closedNanos);
    tiles
        .values()
        .forEach(tile -> tile.nanos().forEach((name, nanos) -> sum.merge(name, nanos, Long::sum)));
    return sum;
  }

  @Override
  public void close() {
    tiles.values().forEach(Prepared::close);
    tiles.clear();
  }
}
