package dev.tangents.it.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run of {@code gram} to be disturbed.
 *
 * @param tiles number of tiles
 * @param panels number of panels
 * @param flags what is computed
 */
record Workload(int tiles, int panels, List<String> flags) {
  /** The digits. */
  static final String SAMPLES = Spark.ROOT.resolve("data-samples/digits.parquet").toString();

  /** The network of {@link #DIGITS}. */
  static final String MODEL = "mlp:64-1024-1024-10:relu?seed=5";

  /** Many tiles that take seconds: the network is wide, and panels are not kept for later tiles. */
  static final Workload DIGITS =
      new Workload(
          120, 15, List.of("--id", "id", "--limit", "900", "--tile", "60", "--cache-mib", "0"));

  Workload {
    flags = List.copyOf(flags);
  }

  /** The program's arguments. */
  List<String> gram(String output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("gram", "--output", output));
    arguments.addAll(flags);
    List<String> given = List.of(more);
    Stream.of(List.of("--model", MODEL), List.of("--input", SAMPLES))
        .filter(pair -> !given.contains(pair.get(0)) && !flags.contains(pair.get(0)))
        .forEach(arguments::addAll);
    arguments.addAll(given);
    return arguments;
  }
}
