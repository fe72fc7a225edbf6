package dev.tangents.udfs.executor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Work that goes on while something else does. Its thread keeps the class loader of its maker,
 * which sees the application's jars; a thread of the common pool need not.
 */
public final class Background<T> {
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /** Starts the work in a thread of that name. */
  public Background(String name, Supplier<T> work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(work.get());
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for the result, or throws what the work threw. */
  public T join() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }
}
