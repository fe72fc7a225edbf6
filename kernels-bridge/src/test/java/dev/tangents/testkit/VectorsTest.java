package dev.tangents.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A comparison that cannot fail proves nothing. */
class VectorsTest {
  @Test
  void closePassesWithinTheBoundAndNotBeyond() {
    Vectors.assertClose(new double[] {1, 3}, new double[] {1, 3.0003}, 1e-4, "x");
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Vectors.assertClose(new double[] {1, 3}, new double[] {1, 3.5}, 0.1, "x"));
    assertEquals("x: element 1 is 3.5, expected 3.0 within 0.4", error.getMessage());
  }

  @Test
  void closeRejectsNaNOnEitherSide() {
    assertThrows(
        AssertionError.class,
        () -> Vectors.assertClose(new double[] {1}, new double[] {Double.NaN}, 1, "x"));
    assertThrows(
        AssertionError.class,
        () -> Vectors.assertClose(new double[] {Double.NaN}, new double[] {1}, 1, "x"));
  }

  @Test
  void closeRejectsOtherLengths() {
    AssertionError numbers =
        assertThrows(
            AssertionError.class,
            () -> Vectors.assertClose(new double[] {1}, new double[] {1, 1}, 1, "x"));
    assertEquals("x: expected 1 numbers, got 2", numbers.getMessage());
    AssertionError arrays =
        assertThrows(
            AssertionError.class,
            () -> Vectors.assertClose(List.of(), List.of(new double[] {1}), 1, "x"));
    assertEquals("x: expected 0 arrays, got 1", arrays.getMessage());
  }

  @Test
  void dotRejectsOtherLengths() {
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> Vectors.dot(new double[] {1, 2}, new double[] {1}));
    assertEquals("Lengths differ: 2 and 1", error.getMessage());
  }
}
