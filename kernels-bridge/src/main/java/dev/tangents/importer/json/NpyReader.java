package dev.tangents.importer.json;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reads one array in NumPy's npy format, versions 1 to 3 (NumPy enhancement proposal 1): {@code f4}
 * or {@code f8} in either byte order, C or Fortran order. The header must be written as NumPy
 * writes it; it is matched, not evaluated.
 */
final class NpyReader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 4096;
  private static final int MOST_RANK = 16;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([<>])f([48])', 'fortran_order': (True|False), "
              + "'shape': \\(((?:[0-9]{1,10}, ?)*+(?:[0-9]{1,10})?+)\\), \\} *+\\n?+");

  private NpyReader() {}

  /**
   * The array, widened to double.
   *
   * @param most most elements it may have
   * @throws TangentsException of category MODEL if the file is damaged, of another type or larger
   */
  static Literal read(byte[] file, long most) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    Matcher header = header(buffer);
    Shape shape = shape(header.group(4), most);
    int size = Integer.parseInt(header.group(2));
    long need = shape.size() * size;
    if (buffer.remaining() != need) {
      throw TangentsException.model(
          "npy: shape %s of %d-byte numbers needs %d bytes after the header, the file has %d",
          shape, size, need, buffer.remaining());
    }
    ByteBuffer data =
        buffer.order(header.group(1).equals("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    double[] values = new double[shape.intSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = size == Float.BYTES ? data.getFloat() : data.getDouble();
    }
    boolean fortran = header.group(3).equals("True");
    return Literal.of(TensorType.real(shape), fortran ? rowMajor(values, shape) : values);
  }

  private static Matcher header(ByteBuffer buffer) {
    byte[] start = new byte[MAGIC.length + 2];
    if (buffer.remaining() < start.length + Integer.BYTES) {
      throw TangentsException.model("npy: the file is too short for a header");
    }
    buffer.get(start);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw TangentsException.model("npy: the file does not begin with \\x93NUMPY");
      }
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3 || start[MAGIC.length + 1] != 0) {
      throw TangentsException.model(
          "npy: format version %d.%d; expected 1.0, 2.0 or 3.0", version, start[MAGIC.length + 1]);
    }
    long length = version == 1 ? buffer.getShort() & 0xFFFF : buffer.getInt() & 0xFFFFFFFFL;
    if (length > Math.min(MOST_HEADER, buffer.remaining())) {
      throw TangentsException.model(
          "npy: header of %d bytes; at most %d, and within the file", length, MOST_HEADER);
    }
    byte[] text = new byte[(int) length];
    buffer.get(text);
    String header = new String(text, StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw TangentsException.model(
          "npy: header %s; expected as NumPy writes it, of type f4 or f8. Save with"
              + " numpy.save(file, array.astype('float32'))",
          Text.shown(header.strip()));
    }
    return matcher;
  }

  private static Shape shape(String text, long most) {
    long[] dims =
        Stream.of(text.split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    long size = 1;
    for (long dim : dims) {
      if (dim < 1 || dim > most || size * dim > most || dims.length > MOST_RANK) {
        throw TangentsException.model(
            "npy: shape (%s); expected extents of at least 1, at most %d axes and at most %d elements",
            text, MOST_RANK, most);
      }
      size *= dim;
    }
    return Shape.of(dims);
  }

  /** Elements of a column-major array in row-major order. */
  private static double[] rowMajor(double[] columnMajor, Shape shape) {
    long[] dims = shape.dims();
    long[] stride = new long[dims.length];
    long next = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      stride[axis] = next;
      next *= dims[axis];
    }
    double[] values = new double[columnMajor.length];
    long[] index = new long[dims.length];
    for (int i = 0; i < values.length; i++) {
      long from = LongStream.range(0, dims.length).map(a -> index[(int) a] * stride[(int) a]).sum();
      values[i] = columnMajor[(int) from];
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return values;
  }
}
