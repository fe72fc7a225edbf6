package dev.tangents.exec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.ir.Shape;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that are not finite are found wherever they stand. */
class HostTensorTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 7, 8, 9, 16, 23, 1025})
  void oneOfManyIsFound(int length) {
    for (int at = 0; at < length; at++) {
      for (double wrong :
          new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        float[] floats = new float[length];
        double[] doubles = new double[length];
        Arrays.fill(floats, Float.MAX_VALUE);
        Arrays.fill(doubles, -Double.MAX_VALUE);
        assertTrue(HostTensor.of(Shape.of(length), floats).isFinite());
        assertTrue(HostTensor.of(Shape.of(length), doubles).isFinite());
        floats[at] = (float) wrong;
        doubles[at] = wrong;
        assertFalse(HostTensor.of(Shape.of(length), floats).isFinite());
        assertFalse(HostTensor.of(Shape.of(length), doubles).isFinite());
      }
    }
  }

  /** Numbers beside those that are asked for have no say. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 13})
  void aRangeAlone(int length) {
    for (int from = 0; from < 10; from++) {
      float[] floats = new float[from + length + 1];
      double[] doubles = new double[from + length + 1];
      Arrays.fill(floats, Float.NaN);
      Arrays.fill(doubles, Double.NaN);
      Arrays.fill(floats, from, from + length, 1);
      Arrays.fill(doubles, from, from + length, 1);
      Shape shape = Shape.of(from + length + 1);
      assertTrue(HostTensor.of(shape, floats).isFinite(from, length));
      assertTrue(HostTensor.of(shape, doubles).isFinite(from, length));
      assertFalse(HostTensor.of(shape, floats).isFinite(from, length + 1));
      assertFalse(HostTensor.of(shape, doubles).isFinite(from, length + 1));
    }
  }
}
