package dev.tangents.job.io.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.util.List;
import java.util.OptionalInt;

/**
 * The numbers of a tile on the heap: for each component a tensor [B, n, m], B blocks as {@code
 * dev.tangents.kernel.TileResult} orders them.
 *
 * @param form how blocks are named
 * @param outputs O
 * @param components one tensor for each component
 */
public record TileValues(Form form, int outputs, List<HostTensor> components) {
  /** Side of a square that is transposed at once: 64 lines of 128 bytes of floats. */
  private static final int SQUARE = 32;

  /** Copies the list. */
  public TileValues {
    components = List.copyOf(components);
  }

  /** How blocks are named in the file. */
  public enum Form {
    /** One block without a name, as {@code trace} and {@code sum} have. */
    SINGLE,
    /** Block b is output b. */
    PER_OUTPUT,
    /** Block b is row output b / O and column output b mod O. */
    FULL
  }

  /** Number of blocks. */
  public int blocks() {
    return (int) shape().dim(0);
  }

  /** Number of rows. */
  public int rows() {
    return (int) shape().dim(1);
  }

  /** Number of columns. */
  public int columns() {
    return (int) shape().dim(2);
  }

  /** The tile on the other side of the diagonal, in new memory: K[m, p, n, o] = K[n, o, m, p]. */
  public TileValues transposed() {
    return new TileValues(
        form, outputs, components.stream().map(tensor -> transposed(tensor, false)).toList());
  }

  /**
   * A diagonal tile whose lower half is a copy of its upper half, in new memory. A matrix product
   * of a matrix with its own transpose need not be symmetric to the last bit; the kernel is.
   */
  public TileValues symmetric() {
    return new TileValues(
        form, outputs, components.stream().map(tensor -> transposed(tensor, true)).toList());
  }

  /** The numbers as a file of this width keeps them: these values themselves where it is theirs. */
  public TileValues in(Precision precision) {
    return components.stream().allMatch(tensor -> tensor.precision() == precision)
        ? this
        : new TileValues(
            form, outputs, components.stream().map(tensor -> in(precision, tensor)).toList());
  }

  private static HostTensor in(Precision precision, HostTensor tensor) {
    return precision == Precision.FLOAT
        ? HostTensor.of(tensor.shape(), tensor.floats())
        : HostTensor.of(tensor.shape(), tensor.doubles());
  }

  /** Position of a block's mirror image: row and column outputs exchanged. */
  private int mirrored(int block) {
    return form == Form.FULL ? block % outputs * outputs + block / outputs : block;
  }

  /** Copies every entry, or only those above the diagonal, to its mirror image. */
  private HostTensor transposed(HostTensor tensor, boolean onlyUpper) {
    int n = rows();
    int m = columns();
    Shape shape = Shape.of(blocks(), m, n);
    boolean single = tensor.precision() == Precision.FLOAT;
    float[] floatsIn = single ? tensor.floats() : new float[0];
    double[] doublesIn = single ? new double[0] : tensor.doubles();
    float[] floats = onlyUpper ? floatsIn.clone() : new float[floatsIn.length];
    double[] doubles = onlyUpper ? doublesIn.clone() : new double[doublesIn.length];
    for (int block = 0; block < blocks(); block++) {
      for (int top = 0; top < n; top += SQUARE) {
        for (int left = onlyUpper ? top : 0; left < m; left += SQUARE) {
          Square square = new Square(block, top, left, onlyUpper);
          if (single) {
            copy(square, floatsIn, floats);
          } else {
            copy(square, doublesIn, doubles);
          }
        }
      }
    }
    return single ? HostTensor.of(shape, floats) : HostTensor.of(shape, doubles);
  }

  /**
   * A square of a block, whose image is written before the lines that it touches have left the
   * cache.
   */
  private record Square(int block, int top, int left, boolean onlyUpper) {}

  private void copy(Square square, float[] from, float[] to) {
    int n = rows();
    int m = columns();
    int image = mirrored(square.block());
    int right = Math.min(m, square.left() + SQUARE);
    for (int r = square.top(); r < Math.min(n, square.top() + SQUARE); r++) {
      int line = (square.block() * n + r) * m;
      for (int c = first(square, image, r); c < right; c++) {
        to[(image * m + c) * n + r] = from[line + c];
      }
    }
  }

  private void copy(Square square, double[] from, double[] to) {
    int n = rows();
    int m = columns();
    int image = mirrored(square.block());
    int right = Math.min(m, square.left() + SQUARE);
    for (int r = square.top(); r < Math.min(n, square.top() + SQUARE); r++) {
      int line = (square.block() * n + r) * m;
      for (int c = first(square, image, r); c < right; c++) {
        to[(image * m + c) * n + r] = from[line + c];
      }
    }
  }

  private static int first(Square square, int image, int row) {
    return square.onlyUpper()
        ? Math.max(square.left(), firstUpper(square.block(), image, row))
        : square.left();
  }

  /** The upper half of [(n, o), (m, p)] is n &lt; m, and where n = m, o &lt; p. */
  private static int firstUpper(int block, int image, int row) {
    return block < image ? row : row + 1;
  }

  /** Position (component, block, row, column) of a number that is not finite, if there is one. */
  public OptionalInt firstNonFinite(int component) {
    HostTensor tensor = components.get(component);
    int size = tensor.shape().intSize();
    if (tensor.isFinite()) {
      return OptionalInt.empty();
    }
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(tensor.at(i))) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private Shape shape() {
    return components.get(0).shape();
  }
}
