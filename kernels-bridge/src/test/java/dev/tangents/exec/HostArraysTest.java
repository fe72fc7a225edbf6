package dev.tangents.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.ir.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HostArraysTest {
  private static final Shape SIX = Shape.of(2, 3);

  @Test
  void givesOutWhatItHasOfTheSizeAndThePrecision() {
    HostArrays arrays = new HostArrays(3);
    HostTensor floats = arrays.take(SIX, Precision.FLOAT);
    HostTensor doubles = arrays.take(SIX, Precision.DOUBLE);
    HostTensor small = arrays.take(Shape.of(2), Precision.FLOAT);
    List.of(small, doubles, floats).forEach(arrays::give);
    HostTensor again = arrays.take(Shape.of(6), Precision.FLOAT);
    assertEquals(Shape.of(6), again.shape());
    assertSame(floats.floats(), again.floats());
    assertNotSame(floats.floats(), arrays.take(SIX, Precision.FLOAT).floats());
    assertSame(doubles.doubles(), arrays.take(SIX, Precision.DOUBLE).doubles());
  }

  @Test
  void forgetsTheOldestBeyondItsBound() {
    HostArrays arrays = new HostArrays(1);
    HostTensor older = HostTensor.zeros(SIX, Precision.FLOAT);
    HostTensor newer = HostTensor.zeros(Shape.of(4), Precision.FLOAT);
    arrays.give(older);
    arrays.give(newer);
    assertNotSame(older.floats(), arrays.take(SIX, Precision.FLOAT).floats());
    arrays.keep(0);
    assertNotSame(newer.floats(), arrays.take(Shape.of(4), Precision.FLOAT).floats());
  }

  /** One array must not become two tiles. */
  @Test
  void noArrayIsGivenBackTwice() {
    HostArrays arrays = new HostArrays(2);
    HostTensor tensor = arrays.take(SIX, Precision.DOUBLE);
    arrays.give(tensor);
    HostTensor same = tensor.reshape(Shape.of(6));
    assertThrows(TangentsException.class, () -> arrays.give(same));
  }

  /** Every number is replaced, and a view reads its own alone; so do copies. */
  @Test
  void enginesReadIntoThem() {
    List<Supplier<Engine>> engines =
        List.of(
            ReferenceEngine::new,
            () -> new Nd4jEngine(Precision.DOUBLE),
            () -> new Nd4jEngine(Precision.FLOAT));
    for (Supplier<Engine> open : engines) {
      try (Engine engine = open.get();
          DeviceTensor tensor = engine.allocate(Shape.of(3, 3))) {
        tensor.write(HostTensor.of(Shape.of(3, 3), 1.0, 2, 3, 4, 5, 6, 7, 8, 9));
        HostArrays arrays = new HostArrays(1);
        HostTensor dirty = HostTensor.zeros(SIX, engine.precision());
        Arrays.fill(dirty.floats(), Float.NaN);
        Arrays.fill(dirty.doubles(), Double.NaN);
        arrays.give(dirty);
        HostTensor read = tensor.rows(1, 3).read(arrays);
        boolean narrow = engine.precision() == Precision.FLOAT;
        assertSame(
            narrow ? dirty.floats() : dirty.doubles(), narrow ? read.floats() : read.doubles());
        assertEquals(SIX, read.shape());
        assertArrayEquals(new double[] {4, 5, 6, 7, 8, 9}, read.doubles());
        try (DeviceTensor other = engine.allocate(Shape.of(3, 3))) {
          other.copy(tensor);
          other.rows(0, 2).copy(tensor.rows(1, 3));
          assertArrayEquals(new double[] {4, 5, 6, 7, 8, 9, 7, 8, 9}, other.read().doubles());
        }
      }
    }
  }
}
