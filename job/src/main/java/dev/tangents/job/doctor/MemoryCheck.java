package dev.tangents.job.doctor;

import dev.tangents.job.plan.Amounts;
import java.util.List;

/** Whether what the JVMs of a machine may take fits in its memory. */
final class MemoryCheck extends NodeCheck {
  @Override
  public String name() {
    return "memory";
  }

  @Override
  protected List<Node> nodes(Facts facts) {
    return facts.workers();
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    if (node.memory() == 0) {
      return Finding.ok("this system does not tell how much it has");
    }
    long needed =
        facts.workers().stream()
            .filter(other -> other.host().equals(node.host()))
            .mapToLong(
                other -> other.java().heap() + NativeBound.bytes(other) + OverheadCheck.LIBRARIES)
            .sum();
    String text =
        "heaps, native arrays and libraries of %s may take %s, it has %s"
            .formatted(node.host(), Amounts.bytes(needed), Amounts.bytes(node.memory()));
    return needed <= node.memory()
        ? Finding.ok(text)
        : Finding.fault(
            text,
            "lower -D%s or the heap, or run fewer executors on a machine"
                .formatted(NativeBound.MAX_BYTES));
  }
}
