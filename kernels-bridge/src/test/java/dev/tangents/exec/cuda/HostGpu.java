package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.code.Interpreter;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.exec.cuda.code.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * A device that is emulated on the host: the same kernels, interpreted, and products of matrices by
 * plain loops in BLAS's column-major order. Memory that nobody has written is full of NaN, and
 * every access is checked to be inside of one allocation.
 */
final class HostGpu implements Gpu {
  private static final int GAP = 4096;

  private final Precision precision;
  private final long capacity;
  private final List<Kernel> compiled = new ArrayList<>();
  private int tiles;
  private int packs;
  private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();
  private boolean closed;
  private long next = 1L << 40;
  private long live;
  private Work work = Work.NONE;
  private List<Runnable> recorded;

  HostGpu(Precision precision) {
    this(precision, 1L << 30);
  }

  HostGpu(Precision precision, long capacity) {
    this.precision = precision;
    this.capacity = capacity;
  }

  @Override
  public double peak(Arithmetic arithmetic) {
    return 1e12;
  }

  /** It has all of them. */
  @Override
  public void require(Arithmetic arithmetic) {}

  /** Kernels that were compiled, for tests that have a compiler. */
  List<Kernel> kernels() {
    return List.copyOf(compiled);
  }

  @Override
  public String describe() {
    return "cuda emulated on the host, " + precision;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long availableBytes() {
    return capacity - live;
  }

  /** Blocks allocated and not freed. */
  int blocks() {
    return blocks.size();
  }

  @Override
  public long allocate(long bytes) {
    if (bytes > availableBytes()) {
      throw TangentsException.resource("Emulated GPU: out of memory");
    }
    byte[] undefined = new byte[Math.toIntExact(bytes)];
    Arrays.fill(undefined, (byte) -1);
    ByteBuffer block = ByteBuffer.wrap(undefined).order(ByteOrder.nativeOrder());
    long address = next;
    blocks.put(address, block);
    live += bytes;
    next += (bytes + 2 * GAP - 1) / GAP * GAP;
    return address;
  }

  @Override
  public void free(long address) {
    ByteBuffer block = blocks.remove(address);
    if (block == null) {
      throw new AssertionError("Freed twice, or never allocated");
    }
    live -= block.capacity();
  }

  private ByteBuffer at(long address, long bytes) {
    Map.Entry<Long, ByteBuffer> entry = blocks.floorEntry(address);
    long offset = entry == null ? -1 : address - entry.getKey();
    if (offset < 0 || offset + bytes > entry.getValue().capacity()) {
      throw new AssertionError("No " + bytes + " bytes are allocated at " + address);
    }
    return entry
        .getValue()
        .slice((int) offset, entry.getValue().capacity() - (int) offset)
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public void write(long target, float[] values) {
    at(target, 4L * values.length).asFloatBuffer().put(values);
  }

  @Override
  public void write(long target, double[] values) {
    at(target, 8L * values.length).asDoubleBuffer().put(values);
  }

  @Override
  public void read(long source, float[] values) {
    at(source, 4L * values.length).asFloatBuffer().get(values);
  }

  @Override
  public void read(long source, double[] values) {
    at(source, 8L * values.length).asDoubleBuffer().get(values);
  }

  @Override
  public void copy(long target, long source, long bytes) {
    ask(
        () -> {
          byte[] moved = new byte[(int) bytes];
          at(source, bytes).get(moved);
          at(target, bytes).put(moved);
        });
  }

  @Override
  public void clear(long target, long bytes) {
    ask(() -> at(target, bytes).put(new byte[(int) bytes]));
  }

  @Override
  public Program compile(List<Kernel> kernels) {
    compiled.addAll(kernels);
    List<Interpreter> programs = new ArrayList<>();
    kernels.forEach(kernel -> programs.add(new Interpreter(kernel, precision)));
    return new Program() {
      @Override
      public void launch(int number, long[] addresses) {
        ask(
            () -> {
              Kernel kernel = kernels.get(number);
              List<Interpreter.Buffer> buffers = new ArrayList<>();
              for (int i = 0; i < addresses.length; i++) {
                buffers.add(buffer(kernel.buffers().get(i), addresses[i]));
              }
              programs.get(number).run(buffers);
              work = work.plus(Work.kernel());
            });
      }

      @Override
      public void close() {}
    };
  }

  private Interpreter.Buffer buffer(Kernel.Buffer declared, long address) {
    ByteBuffer bytes = address == 0 ? ByteBuffer.allocate(0) : at(address, 0);
    boolean wide =
        switch (declared.kind()) {
          case WIDE -> true;
          case REAL -> precision == Precision.DOUBLE;
          case INT, BOOL -> throw new AssertionError("No kernel has such a buffer");
        };
    return new Interpreter.Buffer() {
      @Override
      public double get(int index) {
        return wide ? bytes.getDouble(8 * index) : bytes.getFloat(4 * index);
      }

      @Override
      public void put(int index, double value) {
        if (wide) {
          bytes.putDouble(8 * index, value);
        } else {
          bytes.putFloat(4 * index, (float) value);
        }
      }
    };
  }

  @Override
  public Program compile(TileSum tile) {
    tiles++;
    return new Program() {
      @Override
      public void launch(int number, long[] addresses) {
        ask(() -> HostTile.run(tile, buffers(tile, addresses)));
      }

      @Override
      public void close() {}
    };
  }

  private List<Interpreter.Buffer> buffers(TileSum tile, long[] addresses) {
    Kernel.Buffer real = new Kernel.Buffer(Kind.REAL, true);
    List<Interpreter.Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < addresses.length; i++) {
      boolean packed = i < addresses.length - 1 && tile.arithmetic() != Arithmetic.STRICT;
      buffers.add(
          packed
              ? new HostPieces(
                  place -> at(place, 2), addresses[i], tile.inner(i), tile.arithmetic())
              : buffer(real, addresses[i]));
    }
    return buffers;
  }

  @Override
  public long packedBytes(long rows, int inner, Arithmetic arithmetic) {
    return arithmetic == Arithmetic.STRICT ? 0 : Pieces.bytes(rows, inner, arithmetic);
  }

  @Override
  public void pack(long factor, long rows, int inner, Arithmetic arithmetic, long packed) {
    packs++;
    ask(
        () -> {
          HostPieces pieces = new HostPieces(place -> at(place, 2), packed, inner, arithmetic);
          for (int i = 0; i < rows * inner; i++) {
            pieces.put(i, at(factor + 4L * i, 4).getFloat());
          }
        });
  }

  /** Factors that were packed. */
  int packs() {
    return packs;
  }

  /** Tiles that were compiled. */
  int tiles() {
    return tiles;
  }

  @Override
  public void gemm(Gemm gemm, Arithmetic arithmetic, long a, long b, long c) {
    ask(
        () -> {
          Kernel.Buffer real = new Kernel.Buffer(Kind.REAL, true);
          Interpreter.Buffer left = buffer(real, a);
          Interpreter.Buffer right = buffer(real, b);
          Interpreter.Buffer result = buffer(real, c);
          for (int s = 0; s < gemm.batch(); s++) {
            multiply(gemm, rounding(arithmetic), left, right, result, s);
          }
          work = work.plus(Work.products(1, gemm.flops(), peak(arithmetic)));
        });
  }

  /** As cuBLAS forms products: it has no 3xTF32, and rounds no doubles. */
  private DoubleBinaryOperator rounding(Arithmetic arithmetic) {
    boolean strict =
        precision == Precision.DOUBLE
            || arithmetic == Arithmetic.STRICT
            || arithmetic == Arithmetic.TF32X3;
    return strict ? (x, y) -> x * y : (x, y) -> HostTile.product(arithmetic, (float) x, (float) y);
  }

  private static void multiply(
      Gemm g,
      DoubleBinaryOperator product,
      Interpreter.Buffer a,
      Interpreter.Buffer b,
      Interpreter.Buffer c,
      int s) {
    for (int j = 0; j < g.n(); j++) {
      for (int i = 0; i < g.m(); i++) {
        double sum = 0;
        for (int k = 0; k < g.k(); k++) {
          int left = g.transposeA() ? k + i * g.lda() : i + k * g.lda();
          int right = g.transposeB() ? j + k * g.ldb() : k + j * g.ldb();
          sum +=
              product.applyAsDouble(
                  a.get((int) (s * g.strideA()) + left), b.get((int) (s * g.strideB()) + right));
        }
        c.put((s * g.n() + j) * g.m() + i, sum);
      }
    }
  }

  private void ask(Runnable step) {
    if (recorded == null) {
      step.run();
    } else {
      recorded.add(step);
    }
  }

  @Override
  public Clock clock(int steps) {
    long[] nanos = new long[steps];
    return new Clock() {
      private long before;

      @Override
      public void start() {
        before = System.nanoTime();
      }

      @Override
      public void mark(int step) {
        long now = System.nanoTime();
        nanos[step] += now - before;
        before = now;
      }

      @Override
      public long[] nanos() {
        return nanos.clone();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Outbound outbound(long bytes) {
    return new Outbound() {
      private byte[] copy;

      @Override
      void start(long address, long size) {
        copy = new byte[(int) size];
        at(address, size).get(copy);
      }

      @Override
      public ByteBuffer await() {
        return ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Recording record(Runnable steps) {
    List<Runnable> all = new ArrayList<>();
    recorded = all;
    try {
      steps.run();
    } finally {
      recorded = null;
    }
    return new Recording() {
      @Override
      public void replay() {
        all.forEach(Runnable::run);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void synchronise() {}

  @Override
  public Work work() {
    return work;
  }

  @Override
  public void close() {
    if (closed) {
      throw new AssertionError("Given back twice");
    }
    closed = true;
  }
}
