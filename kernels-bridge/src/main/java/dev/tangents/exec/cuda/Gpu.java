package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.Kernel;
import java.util.List;

/**
 * What the engine asks of a device. Work is done in the order in which it is asked for; reading
 * waits for it. Addresses are the device's. One thread at a time.
 */
interface Gpu extends AutoCloseable {
  /** Device and library versions, for the record of a run. */
  String describe();

  /**
   * Checks that it can form products of floats like this.
   *
   * @throws dev.tangents.error.TangentsException of category SETUP if it cannot
   */
  void require(Arithmetic arithmetic);

  /**
   * Operations a second that it can form products with at most, of its width; 0 where that is not
   * known.
   */
  double peak(Arithmetic arithmetic);

  /** Width of the numbers that its kernels call real. */
  Precision precision();

  /** Bytes that may still be allocated. */
  long availableBytes();

  /**
   * Memory, its contents undefined.
   *
   * @throws dev.tangents.error.TangentsException of category RESOURCE if there is not enough
   */
  long allocate(long bytes);

  /** Gives memory back. */
  void free(long address);

  /** Copies numbers in. */
  void write(long target, float[] values);

  /** Copies numbers in. */
  void write(long target, double[] values);

  /** Copies numbers out, after all work asked for before. */
  void read(long source, float[] values);

  /** Copies numbers out, after all work asked for before. */
  void read(long source, double[] values);

  /** Copies bytes from one place to another; the two do not overlap. */
  void copy(long target, long source, long bytes);

  /** Whether {@link #copy} reaches places of another one. */
  default boolean reaches(Gpu other) {
    return this == other;
  }

  /** Sets bytes to zero. */
  void clear(long target, long bytes);

  /** Makes kernels ready to be launched. */
  Program compile(List<Kernel> kernels);

  /**
   * Makes the kernel of a tile ready to be launched, as number 0, on its factors, packed where
   * {@link #packedBytes} says so, and the result.
   */
  Program compile(TileSum tile);

  /** Bytes of a factor [rows, inner] as tiles read it; 0 where they read it as it is. */
  long packedBytes(long rows, int inner, Arithmetic arithmetic);

  /** Packs a factor [rows, inner] of floats. */
  void pack(long factor, long rows, int inner, Arithmetic arithmetic, long packed);

  /** Products of matrices; of doubles they are always strict. */
  void gemm(Gemm gemm, Arithmetic arithmetic, long a, long b, long c);

  /** Room on the host for results of up to so many bytes, to which they are copied meanwhile. */
  Outbound outbound(long bytes);

  /** Measures steps of work, so many in a row. */
  Clock clock(int steps);

  /** Waits until all work is done. */
  void synchronise();

  /** Records the work that {@code steps} asks for, without doing it, to be done again and again. */
  Recording record(Runnable steps);

  /** What was done since the device was opened. */
  Work work();

  @Override
  void close();

  /** Kernels that are ready to be launched. */
  interface Program extends AutoCloseable {
    /** Launches one of them on buffers. */
    void launch(int kernel, long[] buffers);

    @Override
    void close();
  }

  /** Measures the time that the device spends on steps, without waiting for it between them. */
  interface Clock extends AutoCloseable {
    /** Before the first step; waits until the steps measured before are done. */
    void start();

    /** Marks the end of a step. */
    void mark(int step);

    /** Nanoseconds of each step, over all rounds since the clock was made. */
    long[] nanos();

    @Override
    void close();
  }

  /** Work that was recorded. */
  interface Recording extends AutoCloseable {
    /** Does it. */
    void replay();

    @Override
    void close();
  }
}
