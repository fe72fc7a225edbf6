package dev.tangents.job.doctor;

/** Whether the engine's native libraries load, and whether they suit the processor. */
final class NativeLibraryCheck extends NodeCheck {
  @Override
  public String name() {
    return "engine";
  }

  @Override
  protected Finding examine(Node node, Facts facts) {
    Node.Engine engine = node.engine();
    if (!engine.failure().isEmpty() && engine.failure().equals(node.gpus().failure())) {
      return Finding.warn("not looked at without a GPU: see the check gpu", ""); // told once
    }
    if (!engine.failure().isEmpty()) {
      return Finding.fault(
          engine.failure(),
          facts.gpuEngine().isPresent()
              ? "" // an engine for GPUs says itself what it lacks
              : "submit the jar that ends in -all, built for this platform; or, with the thin one, give the"
                  + " jars that its .natives file lists by --jars or in the image");
    }
    if (!engine.advice().isEmpty()) {
      return Finding.warn(engine.description() + ". " + engine.advice(), "");
    }
    if (engine.description().contains("kernels unknown")) {
      return Finding.warn(
          engine.description()
              + ": machines with other BLAS kernels, and so other last bits, cannot be told from this",
          "compare with results of one kind of machine alone");
    }
    return Finding.ok(engine.description());
  }
}
