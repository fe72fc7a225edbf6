package dev.tangents.importer.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyReaderTest {
  private static final long MOST = 1000;

  /** numpy 2.4.6: np.save(f, np.array([[1.5, -2], [3, 0.25]], '>f4', order='F')), as hex. */
  private static final String BY_NUMPY =
      "934e554d5059010076007b276465736372273a20273e6634272c2027666f727472616e5f6f726465"
          + "72273a20547275652c20277368617065273a2028322c2032292c207d202020202020202020202020"
          + "20202020202020202020202020202020202020202020202020202020202020202020202020202020"
          + "202020202020200a3fc0000040400000c00000003e800000";

  @Test
  void fileWrittenByNumpyIsRead() {
    Literal literal = NpyReader.read(HexFormat.of().parseHex(BY_NUMPY), MOST);
    assertEquals("[2, 2]", literal.type().shape().toString());
    assertArrayEquals(new double[] {1.5, -2, 3, 0.25}, literal.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", "<f8", ">f4", ">f8"})
  void typesAndByteOrders(String type) {
    byte[] file = npy(type, false, "(2, 3)", 1, 2, 3, 4, 5, 6);
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, NpyReader.read(file, MOST).toArray());
  }

  @Test
  void fortranOrderIsTurned() {
    Literal matrix = NpyReader.read(npy("<f8", true, "(2, 3)", 1, 2, 3, 4, 5, 6), MOST);
    assertArrayEquals(new double[] {1, 3, 5, 2, 4, 6}, matrix.toArray());
    Literal cube = NpyReader.read(npy("<f8", true, "(2, 1, 2)", 1, 2, 3, 4), MOST);
    assertArrayEquals(new double[] {1, 3, 2, 4}, cube.toArray());
  }

  @Test
  void vectorsAndScalars() {
    assertEquals("[3]", NpyReader.read(npy("<f8", false, "(3,)", 1, 2, 3), 3).type().shape() + "");
    assertEquals("[]", NpyReader.read(npy("<f8", false, "()", 7), 1).type().shape() + "");
  }

  @Test
  void versionsTwoAndThreeHaveALongerLength() {
    byte[] one = npy("<f8", false, "(2,)", 1, 2);
    for (byte version = 2; version <= 3; version++) {
      ByteBuffer file = ByteBuffer.allocate(one.length + 2).order(ByteOrder.LITTLE_ENDIAN);
      file.put(one, 0, 6).put(version).put((byte) 0);
      file.putInt(ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).getShort(8));
      file.put(one, 10, one.length - 10);
      assertArrayEquals(new double[] {1, 2}, NpyReader.read(file.array(), MOST).toArray());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<i8|(2,)|npy: header {'descr': '<i8'",
        "<f8|(3,)|shape [3] of 8-byte numbers needs 24 bytes after the header, the file has 16",
        "<f8|(0,)|npy: shape (0,); expected extents of at least 1",
        "<f8|(1001,)|at most 16 axes and at most 1000 elements",
        "<f8|(99999, 99999, 99999, 99999)|at most 1000 elements",
        "<f8|(-2,)|npy: header",
        "<f8|2|npy: header",
      })
  void faultsAreNamed(String type, String shape, String message) {
    byte[] file = npy(type, false, shape, 1, 2);
    requireFault(file, message);
  }

  @Test
  void damagedFilesAreNamed() {
    byte[] good = npy("<f8", false, "(2,)", 1, 2);
    requireFault(new byte[0], "too short for a header");
    requireFault(Arrays.copyOf(good, 40), "npy: header of");
    byte[] magic = good.clone();
    magic[0] = 0;
    requireFault(magic, "does not begin with \\x93NUMPY");
    byte[] version = good.clone();
    version[6] = 9;
    requireFault(version, "format version 9.0; expected 1.0, 2.0 or 3.0");
    requireFault(
        Arrays.copyOf(good, good.length + 1), "needs 16 bytes after the header, the file has 17");
  }

  static void requireFault(byte[] file, String message) {
    TangentsException e = assertThrows(TangentsException.class, () -> NpyReader.read(file, MOST));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /** Writes a file as NumPy does: header padded with blanks to a multiple of 64. */
  static byte[] npy(String type, boolean fortran, String shape, double... values) {
    StringBuilder header = new StringBuilder("{'descr': '" + type + "', 'fortran_order': ");
    header.append(fortran ? "True" : "False").append(", 'shape': ").append(shape).append(", }");
    while ((10 + header.length() + 1) % 64 != 0) {
      header.append(' ');
    }
    byte[] text = header.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    int size = type.endsWith("4") ? 4 : 8;
    ByteBuffer file =
        ByteBuffer.allocate(10 + text.length + size * values.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) text.length).put(text);
    file.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (size == 4) {
        file.putFloat((float) value);
      } else {
        file.putDouble(value);
      }
    }
    return file.array();
  }
}
