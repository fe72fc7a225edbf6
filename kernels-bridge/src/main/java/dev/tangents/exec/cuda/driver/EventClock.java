package dev.tangents.exec.cuda.driver;

import dev.tangents.exec.Cleanup;

/**
 * Measures steps of a context's work by marks in its stream. Two rounds have marks, in turn, so
 * that the device has work while the times of the round before are read. One thread at a time.
 */
public final class EventClock implements AutoCloseable {
  private static final int ROUNDS = 2;

  private final Cleanup cleanup = new Cleanup();
  private final CudaContext context;
  private final long[][] marks;
  private final boolean[] running = new boolean[ROUNDS];
  private final long[] nanos;
  private int round;

  /** A clock for rounds of so many steps. */
  public EventClock(CudaContext context, int steps) {
    this.context = context;
    this.marks = new long[ROUNDS][steps + 1];
    this.nanos = new long[steps];
    try {
      for (long[] own : marks) {
        for (int i = 0; i < own.length; i++) {
          long mark = context.timedEvent();
          cleanup.add(() -> context.forget(mark));
          own[i] = mark;
        }
      }
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
  }

  /** Before the first step; waits until the round before the last one is done. */
  public void start() {
    round = (round + 1) % ROUNDS;
    collect(round);
    context.mark(marks[round][0]);
  }

  /** Marks the end of a step. */
  public void mark(int step) {
    context.mark(marks[round][step + 1]);
    running[round] = step == nanos.length - 1; // a round that failed on its way does not count
  }

  /** Nanoseconds of each step, over all rounds. */
  public long[] nanos() {
    for (int own = 0; own < ROUNDS; own++) {
      collect(own);
    }
    return nanos.clone();
  }

  private void collect(int own) {
    if (running[own]) {
      context.await(marks[own][nanos.length]);
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] += (long) (1e6 * context.milliseconds(marks[own][i], marks[own][i + 1]));
      }
      running[own] = false;
    }
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
