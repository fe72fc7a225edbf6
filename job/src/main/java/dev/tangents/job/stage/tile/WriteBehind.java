package dev.tangents.job.stage.tile;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Writes one thing while the next is computed, on a thread of its own: a disk takes its time, and a
 * worker need not wait for it. One at a time, so that no more than one waits in memory.
 *
 * @param <T> what writing tells
 */
final class WriteBehind<T> implements AutoCloseable {
  private final ExecutorService thread;
  private Optional<Future<T>> pending = Optional.empty();

  /** Nothing to write yet. */
  WriteBehind() {
    // The class loader of Spark's thread is the one that sees the application's jars.
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, "tangents-writer");
              created.setDaemon(true);
              created.setContextClassLoader(loader);
              return created;
            });
  }

  /**
   * Writes, behind the caller's back; what was handed over before must have been {@link #settle}d.
   */
  void begin(Callable<T> write) {
    if (pending.isPresent()) {
      throw new IllegalStateException("Something is being written");
    }
    pending = Optional.of(thread.submit(write));
  }

  /** Whether something is still being written. */
  boolean busy() {
    return pending.isPresent() && !pending.get().isDone();
  }

  /**
   * Waits for what is being written.
   *
   * @return what it tells; empty if nothing is being written
   * @throws IOException as writing did, or if interrupted
   */
  Optional<T> settle() throws IOException {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    try {
      T told = pending.get().get();
      pending = Optional.empty();
      return Optional.of(told);
    } catch (ExecutionException e) {
      pending = Optional.empty();
      throw thrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a file was written");
    }
  }

  /** Throws what writing threw, or returns it if it is an exception of files. */
  private static IOException thrown(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof IOException e ? e : new IOException(failure);
  }

  /**
   * Waits until nothing is written any more: a whole tile is worth keeping when the next has
   * failed. Interrupted, it stops what is being written, and leaves nothing half done all the same.
   */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      thread.shutdownNow();
    }
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        thread.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
