package dev.tangents.exec.cuda.driver;

/** Measures steps of a context's work by marks in its stream. One thread at a time. */
public final class EventClock implements AutoCloseable {
  private final CudaContext context;
  private final long[] marks;
  private final long[] nanos;
  private boolean running;

  /** A clock for rounds of so many steps. */
  public EventClock(CudaContext context, int steps) {
    this.context = context;
    this.marks = new long[steps + 1];
    this.nanos = new long[steps];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = context.timedEvent();
    }
  }

  /** Before the first step; waits until the round before is done. */
  public void start() {
    collect();
    context.mark(marks[0]);
  }

  /** Behind a step. */
  public void mark(int step) {
    context.mark(marks[step + 1]);
    running = step == nanos.length - 1; // a round that failed on its way does not count
  }

  /** Nanoseconds of each step, over all rounds. */
  public long[] nanos() {
    collect();
    return nanos.clone();
  }

  private void collect() {
    if (running) {
      context.await(marks[nanos.length]);
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] += (long) (1e6 * context.milliseconds(marks[i], marks[i + 1]));
      }
      running = false;
    }
  }

  @Override
  public void close() {
    for (long mark : marks) {
      context.forget(mark);
    }
  }
}
