package dev.tangents.exec.cuda;

import java.util.List;

/** Steps in their order, each with memory for itself. */
final class Plan {
  private final List<Step> steps;
  private final long[] scratch;
  private final Gpu.Program program;

  /**
   * A plan.
   *
   * @param steps the work
   * @param scratch where the memory of each step is
   * @param program the kernels that they launch
   */
  Plan(List<Step> steps, long[] scratch, Gpu.Program program) {
    this.steps = List.copyOf(steps);
    this.scratch = scratch;
    this.program = program;
  }

  /** The work. */
  List<Step> steps() {
    return steps;
  }

  /** Asks for the work of all steps. */
  void run(Gpu gpu, Places places) {
    for (int i = 0; i < scratch.length; i++) {
      steps.get(i).action().run(gpu, program, places, scratch[i]);
    }
  }

  /** Asks for the work of all steps, and lets a clock measure each. */
  void run(Gpu gpu, Places places, Gpu.Clock clock) {
    clock.start();
    for (int i = 0; i < scratch.length; i++) {
      steps.get(i).action().run(gpu, program, places, scratch[i]);
      clock.mark(i);
    }
  }
}
