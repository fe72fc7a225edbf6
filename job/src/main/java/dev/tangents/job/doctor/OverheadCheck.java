package dev.tangents.job.doctor;

import dev.tangents.job.plan.Amounts;
import java.util.List;
import java.util.Optional;

/**
 * Whether the cluster manager grants executors the memory outside of their heaps that they may
 * take.
 */
final class OverheadCheck extends NodeCheck {
  /** Libraries, code, threads and network buffers, beside native arrays. */
  static final long LIBRARIES = 1L << 30;

  /** CUDA's context and libraries in a process, and buffers that are pinned for copies to a GPU. */
  static final long CUDA = 2L << 30;

  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final double STANDARD_FACTOR = 0.1;
  private static final long STANDARD_LEAST = 384L << 20;

  @Override
  public String name() {
    return "overhead";
  }

  @Override
  protected List<Node> nodes(Facts facts) {
    return facts.isLocal() ? List.of() : facts.executors();
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    Optional<Long> given = facts.find(OVERHEAD).flatMap(OverheadCheck::mebibytes);
    if (given.isEmpty() && !facts.hasContainers()) {
      return Finding.ok("not counted by this cluster manager");
    }
    long granted = given.orElseGet(() -> standard(node, facts));
    long libraries = LIBRARIES + (facts.gpuEngine().isPresent() ? CUDA : 0);
    long needed = NativeBound.bytes(node) + libraries;
    if (granted >= needed) {
      return Finding.ok(
          "%s beside the heap, %s needed".formatted(Amounts.bytes(granted), Amounts.bytes(needed)));
    }
    return Finding.fault(
        "%s grants %s beside the heap; native arrays may take %s, libraries and threads %s. The cluster manager ends executors in their first tiles"
            .formatted(
                OVERHEAD,
                Amounts.bytes(granted),
                Amounts.bytes(NativeBound.bytes(node)),
                Amounts.bytes(libraries)),
        "set %s=%dm, or lower -D%s".formatted(OVERHEAD, needed >> 20, NativeBound.MAX_BYTES));
  }

  private static long standard(Node node, Facts facts) {
    double factor =
        facts.find(OVERHEAD + "Factor").map(Double::parseDouble).orElse(STANDARD_FACTOR);
    long least =
        facts
            .find("spark.executor.minMemoryOverhead")
            .flatMap(OverheadCheck::mebibytes)
            .orElse(STANDARD_LEAST);
    return Math.max(least, (long) (factor * node.java().heap()));
  }

  /** Bytes of a size of Spark's, where a bare number is of MiB. */
  private static Optional<Long> mebibytes(String text) {
    return NativeBound.parse(text.matches("\\d+") ? text + "m" : text, 0);
  }
}
