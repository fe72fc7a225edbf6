package dev.tangents.job.report;

import dev.tangents.job.plan.Amounts;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Says how far the tiles or panels are: on a terminal one line that is rewritten, otherwise a line
 * every ten seconds.
 */
public final class Progress implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 500;
  private static final long PLAIN_MILLIS = 10_000;

  private final PrintStream out;
  private final boolean terminal;
  private final String what;
  private final long total;
  private final double flops;
  private final LongSupplier done;
  private final IntSupplier executors;
  private final long start = System.nanoTime();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Starts to report.
   *
   * @param terminal whether a line may be rewritten
   * @param what what is counted, such as tiles
   * @param total number of them
   * @param flops operations of all, 0 where they are not counted
   * @param done says how many are done
   * @param executors says how many executors are there; 0 where the driver computes
   */
  public Progress(
      PrintStream out,
      boolean terminal,
      String what,
      long total,
      double flops,
      LongSupplier done,
      IntSupplier executors) {
    this.out = out;
    this.terminal = terminal;
    this.what = what;
    this.total = total;
    this.flops = flops;
    this.done = done;
    this.executors = executors;
    this.thread = new Thread(this::watch, "tangents-progress");
    thread.setDaemon(true);
    thread.start();
  }

  /** The state after {@code seconds} with {@code count} done. */
  static String line(String what, long count, long total, double flops, double seconds) {
    double share = total == 0 ? 1 : (double) count / total;
    String rate =
        flops == 0
            ? ""
            : String.format(Locale.ROOT, ", %.1f GFLOP/s", flops * share / seconds / 1e9);
    String left = ", " + Amounts.seconds(seconds / share - seconds) + " left";
    return String.format(
        Locale.ROOT,
        "%s %,d/%,d (%.0f %%)%s",
        what,
        count,
        total,
        100 * share,
        count == 0 ? "" : rate + left);
  }

  /** The end of the line, empty where the driver computes. */
  static String onExecutors(int count) {
    return count == 0 ? "" : ", on " + Amounts.counted(count, "executor");
  }

  private void watch() {
    try {
      while (!stopped.await(terminal ? TERMINAL_MILLIS : PLAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        double seconds = (System.nanoTime() - start) / 1e9;
        String line =
            line(what, done.getAsLong(), total, flops, seconds) + onExecutors(executors.getAsInt());
        if (terminal) {
          out.print("\r\033[K" + line);
          out.flush();
        } else {
          out.println(line);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops reporting and clears the line. */
  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
