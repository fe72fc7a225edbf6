package dev.tangents.rows;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The records of a micro-batch of one quantity: for each part its numbers [N, size], gathered run
 * by run. Sums are not among them.
 */
public final class RowValues {
  private final List<Part> parts;
  private final int samples;
  private final Precision precision;

  /** The numbers of each part; null before its first run. */
  private final HostTensor[] values;

  /** Values of {@code samples} samples, none gathered yet. */
  RowValues(List<Part> parts, int samples, Precision precision) {
    this.parts = List.copyOf(parts);
    this.samples = samples;
    this.precision = precision;
    this.values = new HostTensor[parts.size()];
  }

  /**
   * Where a run's lanes go.
   *
   * @param outer the first outer lane
   * @param outerCount how many of the run's outer lanes are used; the rest is padding
   * @param outerChunk outer lanes of the run
   * @param inner the first inner lane
   * @param innerCount how many of the run's inner lanes are used
   * @param innerChunk inner lanes of the run
   */
  record Window(
      int outer, int outerCount, int outerChunk, int inner, int innerCount, int innerChunk) {
    /** Whether the run's numbers of a sample are its records as they lie. */
    private boolean isAllOf(Part part) {
      return outerCount == outerChunk
          && innerCount == innerChunk
          && outerChunk * innerChunk * part.rest() == part.size()
          && part.restStride() == 1
          && (innerChunk == 1 || part.innerStride() == part.rest())
          && (outerChunk == 1 || part.outerStride() == innerChunk * part.rest());
    }
  }

  /**
   * Puts the result [N, V outer, V inner, rest] of one run into its place.
   *
   * @param arrays take the result back, unless it has become the values itself
   */
  void put(int index, HostTensor run, Window window, HostArrays arrays) {
    Part part = parts.get(index);
    Shape shape = Shape.of(samples, part.size());
    if (window.isAllOf(part) && run.precision() == precision) {
      values[index] = run.reshape(shape);
      return;
    }
    if (values[index] == null) {
      values[index] = arrays.take(shape, precision);
    }
    copy(index, run, window);
    arrays.give(run);
  }

  /** Copies what a run has of each sample. All runs together have all of it. */
  private void copy(int index, HostTensor run, Window window) {
    Part part = parts.get(index);
    HostTensor source =
        precision == Precision.FLOAT
            ? HostTensor.of(run.shape(), run.floats())
            : HostTensor.of(run.shape(), run.doubles());
    for (int n = 0; n < samples; n++) {
      for (int o = 0; o < window.outerCount(); o++) {
        for (int i = 0; i < window.innerCount(); i++) {
          int from = ((n * window.outerChunk() + o) * window.innerChunk() + i) * part.rest();
          int to =
              n * part.size()
                  + (window.outer() + o) * part.outerStride()
                  + (window.inner() + i) * part.innerStride();
          copy(source, from, values[index], to, part);
        }
      }
    }
  }

  private static void copy(HostTensor run, int from, HostTensor to, int at, Part part) {
    boolean single = to.precision() == Precision.FLOAT;
    if (part.restStride() == 1) {
      Object source = single ? run.floats() : run.doubles();
      System.arraycopy(source, from, single ? to.floats() : to.doubles(), at, part.rest());
    } else if (single) {
      float[] source = run.floats();
      float[] target = to.floats();
      for (int r = 0; r < part.rest(); r++) {
        target[at + r * part.restStride()] = source[from + r];
      }
    } else {
      double[] source = run.doubles();
      double[] target = to.doubles();
      for (int r = 0; r < part.rest(); r++) {
        target[at + r * part.restStride()] = source[from + r];
      }
    }
  }

  /** Number of samples. */
  public int samples() {
    return samples;
  }

  /** What each sample's records hold. */
  public List<Part> parts() {
    return parts;
  }

  /** Numbers of a part, [N, size]. */
  public HostTensor values(int part) {
    return values[part];
  }

  /** The numbers of each part. */
  List<HostTensor> all() {
    return List.of(values);
  }

  /** Numbers [N, size] of the part in a column, if there is one. */
  public Optional<HostTensor> column(String name) {
    return IntStream.range(0, parts.size())
        .filter(i -> parts.get(i).column().equals(name))
        .mapToObj(i -> values[i])
        .findFirst();
  }

  /** The first sample with a number that is not finite and must be. */
  public OptionalInt firstNonFinite() {
    return IntStream.range(0, samples).filter(n -> !isFinite(n)).findFirst();
  }

  /** Whether all numbers of a sample that must be finite are. */
  public boolean isFinite(int sample) {
    for (int p = 0; p < parts.size(); p++) {
      int size = parts.get(p).size();
      if (!values[p].isFinite(sample * size, size) && !isAdmitted(p, sample * size, size)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAdmitted(int part, int from, int length) {
    return IntStream.range(from, from + length)
        .allMatch(i -> parts.get(part).admits(values[part].at(i)));
  }
}
