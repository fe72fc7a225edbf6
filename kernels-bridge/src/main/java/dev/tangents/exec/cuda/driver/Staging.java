package dev.tangents.exec.cuda.driver;

import com.sun.jna.Pointer;
import dev.tangents.exec.Cleanup;

/**
 * Copies between Java arrays and a device through two pieces of page-locked memory in turn: while
 * the device copies one, the processor fills or empties the other. One thread at a time.
 */
public final class Staging implements AutoCloseable {
  /** Bytes of a piece: large enough for the full rate of a bus, small enough to stay in a cache. */
  private static final int PIECE = 4 << 20;

  private final Cleanup cleanup = new Cleanup();
  private final CudaContext context;
  private final Pointer[] pieces = new Pointer[2];
  private final long[] marks = new long[2];

  /** Takes the memory. */
  public Staging(CudaContext context) {
    this.context = context;
    try {
      for (int i = 0; i < pieces.length; i++) {
        Pointer piece = context.pin(PIECE);
        cleanup.add(() -> context.unpin(piece));
        long mark = context.event();
        cleanup.add(() -> context.forget(mark));
        pieces[i] = piece;
        marks[i] = mark;
      }
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
  }

  /** Moves numbers between page-locked memory and a Java array. */
  private interface Mover {
    void move(Pointer piece, int from, int count);
  }

  /** Copies numbers to the device; on return the array may change. */
  public void write(long target, float[] values) {
    up(target, values.length, Float.BYTES, (piece, from, n) -> piece.write(0, values, from, n));
  }

  /** Copies numbers to the device; on return the array may change. */
  public void write(long target, double[] values) {
    up(target, values.length, Double.BYTES, (piece, from, n) -> piece.write(0, values, from, n));
  }

  /** Copies numbers from the device, after all work asked for before. */
  public void read(long source, float[] values) {
    down(source, values.length, Float.BYTES, (piece, from, n) -> piece.read(0, values, from, n));
  }

  /** Copies numbers from the device, after all work asked for before. */
  public void read(long source, double[] values) {
    down(source, values.length, Double.BYTES, (piece, from, n) -> piece.read(0, values, from, n));
  }

  private void up(long target, int length, int width, Mover fill) {
    int most = PIECE / width;
    for (int from = 0, turn = 0; from < length; from += most, turn ^= 1) {
      int count = Math.min(most, length - from);
      context.await(marks[turn]);
      fill.move(pieces[turn], from, count);
      context.upload(target + (long) from * width, pieces[turn], (long) count * width);
      context.mark(marks[turn]);
    }
  }

  private void down(long source, int length, int width, Mover empty) {
    int most = PIECE / width;
    int chunks = (length + most - 1) / most;
    for (int chunk = 0; chunk <= chunks; chunk++) {
      if (chunk < chunks) {
        int from = chunk * most;
        int count = Math.min(most, length - from);
        context.download(pieces[chunk & 1], source + (long) from * width, (long) count * width);
        context.mark(marks[chunk & 1]);
      }
      if (chunk > 0) {
        int before = chunk - 1;
        context.await(marks[before & 1]);
        empty.move(pieces[before & 1], before * most, Math.min(most, length - before * most));
      }
    }
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
