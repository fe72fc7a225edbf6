package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.io.parquet.Scalar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedSampleTest {
  private static byte[] written(Sample sample) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sample);
    }
    return bytes.toByteArray();
  }

  private static Sample travelled(Sample sample) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(written(sample)))) {
      return (Sample) in.readObject();
    }
  }

  @Test
  void nothingIsLostOnTheWay() throws Exception {
    double[] features = {0.1, -0.0, Double.MIN_VALUE, 1e300};
    double[][] vectors = {{0.5, -2}, {}, {1.0 / 3}};
    for (Scalar scalar :
        List.of(Scalar.NONE, Scalar.of(-7L), Scalar.of(0.3), Scalar.of("ünïcode\n"))) {
      Sample found = travelled(Sample.good("a/ü.parquet", 12, scalar, scalar, features, vectors));
      assertEquals("a/ü.parquet", found.file());
      assertEquals(12, found.position());
      assertEquals(scalar, found.id());
      assertEquals(scalar, found.label());
      assertArrayEquals(features, found.features());
      assertArrayEquals(vectors, found.vectors());
      assertNull(found.problem());
    }
    Sample bad = travelled(Sample.bad("f", 3, Scalar.of(1L), "the features are null", 2));
    assertEquals("the features are null", bad.problem());
    assertEquals("f row 3 (id 1)", bad.where());
  }

  @Test
  void floatsTakeFourBytes() throws Exception {
    double[] floats = new double[1000];
    Arrays.fill(floats, (float) 0.1);
    double[] doubles = new double[1000];
    Arrays.fill(doubles, 0.1);
    int narrow =
        written(Sample.good("f", 0, Scalar.NONE, Scalar.NONE, floats, new double[0][])).length;
    int wide =
        written(Sample.good("f", 0, Scalar.NONE, Scalar.NONE, doubles, new double[0][])).length;
    assertEquals(4000, wide - narrow);
    assertTrue(narrow < 4300, "bytes " + narrow);
  }
}
