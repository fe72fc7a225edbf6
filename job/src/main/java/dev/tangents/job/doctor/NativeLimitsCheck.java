package dev.tangents.job.doctor;

import dev.tangents.job.plan.Amounts;

/** Whether JavaCPP's two bounds are set, and let a run use the memory that it plans with. */
final class NativeLimitsCheck extends NodeCheck {
  @Override
  public String name() {
    return "native limits";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    long bound = NativeBound.bytes(node);
    long physical = NativeBound.physicalBytes(node);
    String key = facts.javaOptionsKey(node);
    if (physical > 0 && physical < node.java().heap() + bound) {
      return Finding.fault(
          "%s is %s, less than heap (%s) and native arrays (%s) may take together: JavaCPP will stop a healthy run"
              .formatted(
                  NativeBound.MAX_PHYSICAL_BYTES,
                  Amounts.bytes(physical),
                  Amounts.bytes(node.java().heap()),
                  Amounts.bytes(bound)),
          "add -D" + NativeBound.MAX_PHYSICAL_BYTES + "=0 to " + key);
    }
    if (physical > 0) {
      return Finding.warn(
          "%s is not 0 (%s): that check counts files in the page cache, and may stop a healthy run"
              .formatted(NativeBound.MAX_PHYSICAL_BYTES, Amounts.bytes(physical)),
          "add -D" + NativeBound.MAX_PHYSICAL_BYTES + "=0 to " + key);
    }
    if (!node.properties().containsKey(NativeBound.MAX_BYTES)) {
      return Finding.warn(
          "%s is not set: native arrays may take as much as the heap, %s"
              .formatted(NativeBound.MAX_BYTES, Amounts.bytes(bound)),
          "add -D"
              + NativeBound.MAX_BYTES
              + "=... to "
              + key
              + "; --dry-run says what a task takes");
    }
    return Finding.ok("native arrays may take " + Amounts.bytes(bound));
  }
}
