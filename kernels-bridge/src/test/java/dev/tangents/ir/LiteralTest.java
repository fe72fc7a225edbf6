package dev.tangents.ir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import org.junit.jupiter.api.Test;

class LiteralTest {
  @Test
  void equalElementsAreHeldOnce() {
    Literal splat = Literal.of(TensorType.real(2, 2), 3, 3, 3, 3);
    assertTrue(splat.isSplat());
    assertTrue(splat.isSplatOf(3));
    assertEquals(Literal.splat(TensorType.real(2, 2), 3), splat);
    assertArrayEquals(new double[] {3, 3, 3, 3}, splat.toArray());
    assertEquals("REAL[2, 2] of 3.0", splat.toString());
  }

  @Test
  void zerosOfTwoSignsAreNotASplat() {
    Literal zeros = Literal.of(TensorType.real(2), 0.0, -0.0);
    assertFalse(zeros.isSplat());
    assertFalse(zeros.isSplatOf(0));
    assertNotEquals(Literal.splat(TensorType.real(2), 0), zeros);
  }

  @Test
  void noElementsAndOne() {
    Literal none = Literal.of(TensorType.real(0, 3));
    assertFalse(none.isSplat());
    assertEquals(0, none.toArray().length);
    assertEquals(0, Literal.splat(TensorType.real(0, 3), 1).toArray().length);
    assertTrue(Literal.of(TensorType.real(), 5).isSplatOf(5));
  }

  @Test
  void theArrayIsCopiedInAndOut() {
    double[] values = {1, 2};
    Literal literal = Literal.of(TensorType.real(2), values);
    values[0] = 9;
    literal.toArray()[1] = 9;
    assertArrayEquals(new double[] {1, 2}, literal.toArray());
    assertEquals("REAL[2] [1.0, 2.0]", literal.toString());
    assertArrayEquals(new double[] {1, 2}, literal.reshape(Shape.of(2, 1)).toArray());
  }

  @Test
  void theNumberOfElementsMustFit() {
    TangentsException error =
        assertThrows(TangentsException.class, () -> Literal.of(TensorType.real(2, 2), 1, 2, 3));
    assertEquals("Literal REAL[2, 2]: expected 4 elements, got 3", error.getMessage());
  }
}
