package dev.tangents.job.doctor;

import dev.tangents.job.plan.Amounts;

/** Whether native libraries can be unpacked. */
final class CacheCheck extends NodeCheck {
  /** What the libraries of one platform take. */
  private static final long NEEDED = 450L << 20;

  @Override
  public String name() {
    return "cache";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    Node.Cache cache = node.cache();
    String cure =
        "add -Dorg.bytedeco.javacpp.cachedir=FOLDER to "
            + facts.javaOptionsKey(node)
            + ", with a FOLDER of this machine's disk";
    if (!cache.failure().isEmpty()) {
      return Finding.fault(
          "native libraries cannot be unpacked to %s: %s"
              .formatted(cache.folder(), cache.failure()),
          cure);
    }
    if (cache.bytes() + cache.free() < NEEDED) {
      return Finding.fault(
          "%s has %s left, and native libraries unpack to %s"
              .formatted(cache.folder(), Amounts.bytes(cache.free()), Amounts.bytes(NEEDED)),
          cure);
    }
    return Finding.ok(
        "%s holds %s, %s free"
            .formatted(cache.folder(), Amounts.bytes(cache.bytes()), Amounts.bytes(cache.free())));
  }
}
