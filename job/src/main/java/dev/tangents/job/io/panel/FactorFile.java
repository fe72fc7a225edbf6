package dev.tangents.job.io.panel;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.file.Commits;
import dev.tangents.job.io.file.StagedFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * The factors of a panel in a file: numbers one after the other, little-endian, and their CRC-32C.
 * It lives as long as its run, and is read by the program that wrote it.
 */
public final class FactorFile implements Function<Shape, HostTensor>, AutoCloseable {
  private final Path path;
  private final Precision precision;
  private final FSDataInputStream in;
  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[0];

  private FactorFile(Path path, Precision precision, FSDataInputStream in) {
    this.path = path;
    this.precision = precision;
    this.in = in;
  }

  /**
   * Writes a file, which is visible under its name only when it is whole.
   *
   * @param panel hands out the numbers
   * @return its bytes
   */
  public static long write(
      Configuration hadoop, Path path, long attempt, Consumer<Consumer<HostTensor>> panel)
      throws IOException {
    return Commits.writing(
        path,
        () -> {
          StagedFile file = StagedFile.single(Commits.fileSystem(path, hadoop), path, attempt);
          FSDataOutputStream out = file.create();
          try {
            CRC32C crc = new CRC32C();
            panel.accept(numbers -> put(numbers, out, crc));
            out.writeLong(crc.getValue());
            out.close();
            return file.commit();
          } catch (UncheckedIOException e) {
            throw e.getCause();
          } finally {
            file.abandon();
          }
        });
  }

  private static void put(HostTensor numbers, FSDataOutputStream out, CRC32C crc) {
    int size = numbers.shape().intSize();
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(size, numbers.precision().bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (numbers.precision() == Precision.FLOAT) {
      buffer.asFloatBuffer().put(numbers.floats());
    } else {
      buffer.asDoubleBuffer().put(numbers.doubles());
    }
    crc.update(buffer.array());
    try {
      out.write(buffer.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens a file.
   *
   * @throws java.io.FileNotFoundException if there is no such file
   */
  public static FactorFile open(Configuration hadoop, Path path, Precision precision)
      throws IOException {
    return new FactorFile(path, precision, Commits.fileSystem(path, hadoop).open(path));
  }

  /**
   * The next numbers.
   *
   * @throws TangentsException of category DATA if the file ends too soon
   */
  @Override
  public HostTensor apply(Shape shape) {
    int length = Math.multiplyExact(shape.intSize(), precision.bytes());
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    try {
      in.readFully(bytes, 0, length);
    } catch (IOException e) {
      throw damaged(e.getMessage() == null ? "it ends too soon" : e.getMessage()).causedBy(e);
    }
    crc.update(bytes, 0, length);
    ByteBuffer numbers = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    if (precision == Precision.FLOAT) {
      float[] floats = new float[shape.intSize()];
      numbers.asFloatBuffer().get(floats);
      return HostTensor.of(shape, floats);
    }
    double[] doubles = new double[shape.intSize()];
    numbers.asDoubleBuffer().get(doubles);
    return HostTensor.of(shape, doubles);
  }

  /**
   * Checks what was read.
   *
   * @throws TangentsException of category DATA if the numbers are not those that were written
   */
  public void requireWhole() throws IOException {
    long expected;
    try {
      expected = in.readLong();
    } catch (EOFException e) {
      throw damaged("it ends too soon").causedBy(e);
    }
    if (expected != crc.getValue()) {
      throw damaged("its checksum differs");
    }
  }

  private TangentsException damaged(String how) {
    return TangentsException.data("%s: the factors are damaged: %s", path, how);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
