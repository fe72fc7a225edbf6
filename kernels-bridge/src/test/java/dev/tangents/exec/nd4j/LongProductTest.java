package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products cut into blocks, whole and ragged ones, of two operands and of one with itself. */
class LongProductTest {
  private static final int A = 0;
  private static final int B = 1;
  private static final int Y = 2;

  @ParameterizedTest
  @CsvSource({"1, 1, 4096", "16, 32, 4096", "17, 33, 5000", "64, 64, 4100", "3, 96, 9000"})
  void isTheProductOfEveryPairOfRows(int rows, int columns, int inner) {
    Nd4jRuntime.initialise(1);
    NativeMemory memory = new NativeMemory(Precision.FLOAT);
    try (NativeBuffer a = random(memory, rows * inner, 1);
        NativeBuffer b = random(memory, columns * inner, 2);
        NativeBuffer y = memory.allocate(rows * columns)) {
      multiply(a, b, y, rows, columns, inner);
      requireProducts(a, b, y, rows, columns, inner);
    }
  }

  @ParameterizedTest
  @CsvSource({"40, 4500", "16, 4096"})
  void ofOneBufferWithItselfTurnsAtBothPlaces(int rows, int inner) {
    Nd4jRuntime.initialise(1);
    NativeMemory memory = new NativeMemory(Precision.FLOAT);
    try (NativeBuffer a = random(memory, rows * inner, 3);
        NativeBuffer y = memory.allocate(rows * rows)) {
      multiply(a, a, y, rows, rows, inner);
      requireProducts(a, a, y, rows, rows, inner);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 147456, COOPERLAKE, true",
    "64, 64, 147456, HASWELL, false",
    "64, 64, 147456, unknown, false",
    "64, 2048, 147456, COOPERLAKE, false",
    "2048, 64, 147456, COOPERLAKE, false",
    "64, 64, 1024, COOPERLAKE, false"
  })
  void paysForFewLongRowsOnKernelsThatHaveSmallOnes(
      int rows, int columns, int inner, String family, boolean expected) {
    if (expected) {
      assertTrue(LongProduct.pays(rows, columns, inner, family));
    } else {
      assertFalse(LongProduct.pays(rows, columns, inner, family));
    }
  }

  private static void multiply(
      NativeBuffer a, NativeBuffer b, NativeBuffer y, int rows, int columns, int inner) {
    Frame frame = new Frame(3);
    frame.place(A, a);
    frame.place(B, b);
    frame.place(Y, y);
    Call call =
        new Call(
            List.of(Operand.in(A, Shape.of(rows, inner)), Operand.in(B, Shape.of(columns, inner))),
            Y,
            Shape.of(rows, columns),
            new Scratch(Precision.FLOAT));
    new LongProduct(call, rows, columns, inner).run(frame);
  }

  private static void requireProducts(
      NativeBuffer a, NativeBuffer b, NativeBuffer y, int rows, int columns, int inner) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += a.at(i * inner + k) * b.at(j * inner + k);
        }
        // Numbers in [-1, 1]: partial sums stay below 4 sqrt(K), each of K additions may round.
        assertEquals(sum, y.at(i * columns + j), 1e-6 * inner, "row " + i + ", column " + j);
      }
    }
  }

  private static NativeBuffer random(NativeMemory memory, int length, long seed) {
    NativeBuffer buffer = memory.allocate(length);
    Random random = new Random(seed);
    for (int i = 0; i < length; i++) {
      buffer.put(i, random.nextDouble() * 2 - 1);
    }
    return buffer;
  }
}
