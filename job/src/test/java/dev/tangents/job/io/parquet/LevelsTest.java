package dev.tangents.job.io.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelsTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "1, 2", "4, 64", "3, 65", "2, 70000"})
  void parquetDecodesLevelsOfValuesThatAreThere(int count, int length) throws IOException {
    RunLengthBitPackingHybridDecoder lists = decoder(Levels.lists(count, length));
    RunLengthBitPackingHybridDecoder ones = decoder(Levels.ones((long) count * length));
    for (int i = 0; i < count * length; i++) {
      assertEquals(i % length == 0 ? 0 : 1, lists.readInt(), "value " + i);
      assertEquals(1, ones.readInt());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "0", "1101", "000111000", "0101"})
  void parquetDecodesLevelsOfMissingValues(String there) throws IOException {
    BytesInput levels = Levels.presence(there.length(), i -> there.charAt(i) == '1');
    RunLengthBitPackingHybridDecoder decoder = decoder(levels);
    for (int i = 0; i < there.length(); i++) {
      assertEquals(there.charAt(i) - '0', decoder.readInt());
    }
  }

  private static RunLengthBitPackingHybridDecoder decoder(BytesInput levels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    levels.writeAllTo(bytes);
    InputStream in = new java.io.ByteArrayInputStream(bytes.toByteArray());
    return new RunLengthBitPackingHybridDecoder(1, in);
  }
}
