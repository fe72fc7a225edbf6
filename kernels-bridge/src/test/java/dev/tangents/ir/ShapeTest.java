package dev.tangents.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void sizeIsTheProductOfTheExtents() {
    assertEquals(24, Shape.of(2, 3, 4).size());
    assertEquals(0, Shape.of(2, 0, 4).size());
    assertEquals(1, Shape.scalar().size());
    assertEquals(1L << 62, Shape.of(1L << 31, 1L << 31).size());
  }

  @Test
  void sizesBeyondTheirRangeAreRefused() {
    assertMessage(
        "Shape [4294967296, 4294967296]: more than 2^63 elements",
        () -> Shape.of(1L << 32, 1L << 32).size());
    assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).intSize());
    assertMessage(
        "Shape [65536, 32768]: 2147483648 elements do not fit one array of at most 2147483647. Use a"
            + " smaller tile or batch",
        () -> Shape.of(1 << 16, 1 << 15).intSize());
  }

  @Test
  void extentsAreNotNegative() {
    assertMessage("Shape: an extent is at least 0; got -2 in [3, -2]", () -> Shape.of(3, -2));
  }

  @Test
  void axesCountFromEitherEnd() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(4, shape.dim(-1));
    assertEquals(0, shape.normalise(-3));
    assertMessage("Shape [2, 3, 4]: no axis 3; it has rank 3", () -> shape.dim(3));
    assertMessage("Shape [2, 3, 4]: no axis -4; it has rank 3", () -> shape.dim(-4));
  }

  @Test
  void editsReturnNewShapes() {
    Shape shape = Shape.of(2, 3);
    assertEquals(Shape.of(5, 2, 3), shape.insert(0, 5));
    assertEquals(Shape.of(2, 3, 5), shape.insert(2, 5));
    assertEquals(Shape.of(2), shape.remove(-1));
    assertEquals(Shape.of(2, 7), shape.with(1, 7));
    assertEquals(Shape.of(3), shape.slice(1, 2));
    assertEquals(Shape.of(2, 3, 4), shape.concat(Shape.of(4)));
    assertEquals("[2, 3]", shape.toString());
    assertEquals("[]", Shape.of().toString());
  }

  @Test
  void equalByValueAndClosedToItsArray() {
    long[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.dims()[1] = 9;
    assertEquals(Shape.of(2, 3), shape);
    assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
    assertNotEquals(Shape.of(3, 2), shape);
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(TangentsException.class, action::run).getMessage());
  }
}
