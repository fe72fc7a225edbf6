package dev.tangents.exec;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Steps that give back what was taken, the last one first: all of them, whatever fails on the way.
 * One thread at a time.
 */
public final class Cleanup implements AutoCloseable {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  /** Adds a step, to be done before those that are there. */
  public void add(Runnable step) {
    steps.push(step);
  }

  /** Does the steps and forgets them; the first failure is thrown and has those after it in it. */
  @Override
  public void close() {
    Throwable first = null;
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
    if (first instanceof Error failure) {
      throw failure;
    }
  }
}
