package dev.tangents.exec.nd4j;

/** One operation of a plan, ready to run: all that shapes decide has been decided. */
@FunctionalInterface
interface Step {
  /** Computes one value of the frame from others. Allocates no native memory. */
  void run(Frame frame);
}
