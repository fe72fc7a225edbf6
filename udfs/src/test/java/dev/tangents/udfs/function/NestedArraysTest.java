package dev.tangents.udfs.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.junit.jupiter.api.Test;

/** Spark reads what was laid out by hand. */
class NestedArraysTest {
  @Test
  void numbersAlone() {
    HostTensor numbers = HostTensor.of(Shape.of(5), 1f, 2f, 3f, 4f, 5f);
    assertArrayEquals(
        new float[] {3, 4, 5}, new NestedArrays(numbers, List.of(3)).at(2).toFloatArray());
    assertEquals(0, new NestedArrays(numbers, List.of(0)).at(2).numElements());
  }

  @Test
  void arraysOfArraysOfArrays() {
    int a = 2;
    int b = 67; // more than fit a word of bits
    int c = 3;
    int from = 7;
    HostTensor numbers = HostTensor.of(Shape.of(from + a * b * c), counted(from + a * b * c));
    ArrayData outer = new NestedArrays(numbers, List.of(a, b, c)).at(from);
    assertEquals(a, outer.numElements());
    for (int i = 0; i < a; i++) {
      ArrayData middle = outer.getArray(i);
      assertEquals(b, middle.numElements());
      for (int j = 0; j < b; j++) {
        assertFalse(middle.isNullAt(j));
        int at = from + (i * b + j) * c;
        assertArrayEquals(new double[] {at, at + 1, at + 2}, middle.getArray(j).toDoubleArray());
      }
    }
  }

  @Test
  void oddNumbersOfFloatsArePaddedToWords() {
    HostTensor numbers = HostTensor.of(Shape.of(6), 1f, 2f, 3f, 4f, 5f, 6f);
    ArrayData rows = new NestedArrays(numbers, List.of(2, 3)).at(0);
    assertArrayEquals(new float[] {1, 2, 3}, rows.getArray(0).toFloatArray());
    assertArrayEquals(new float[] {4, 5, 6}, rows.getArray(1).toFloatArray());
  }

  /** What is read holds until the next is asked for. */
  @Test
  void oneSampleAfterTheOther() {
    HostTensor numbers = HostTensor.of(Shape.of(12), counted(12));
    NestedArrays samples = new NestedArrays(numbers, List.of(2, 3));
    for (int from : new int[] {6, 0, 6}) {
      ArrayData rows = samples.at(from);
      assertArrayEquals(new double[] {from, from + 1, from + 2}, rows.getArray(0).toDoubleArray());
      assertArrayEquals(
          new double[] {from + 3, from + 4, from + 5}, rows.getArray(1).toDoubleArray());
    }
  }

  private static double[] counted(int length) {
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i;
    }
    return numbers;
  }
}
