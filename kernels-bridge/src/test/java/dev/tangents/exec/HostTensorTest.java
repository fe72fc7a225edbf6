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
  @ValueSource(ints = {1, 5, 1023, 1024, 1025, 5000})
  void oneOfManyIsFound(int length) {
    for (int at : new int[] {0, length / 2, length - 1}) {
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
}
