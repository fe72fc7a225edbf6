package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Transpose;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seconds of single steps, by hand. */
class RooflineTest {
  /** 100 operations, 10 bytes of a pass, 5 bytes of a move a second; 3 seconds a call. */
  private static final Roofline ROOFLINE = new Roofline(new Rates(100, 10, 5, 3), 4);

  private final GraphBuilder builder = new GraphBuilder();

  @Test
  void aPassIsBoundByWhatItReadsAndWrites() {
    Value x = input("x", 2, 5);
    Value y = input("y", 2, 5);
    assertEquals(30 * 4 / 10.0 + 3, seconds(Mul.mul(x, y)));
  }

  @Test
  void aTransposeIsBoundByItsMoves() {
    assertEquals(20 * 4 / 5.0 + 3, seconds(Transpose.transpose(input("x", 2, 5), 1, 0)));
  }

  /** 2 x 3 x 50 x 5 operations, then 3 x 50 and 50 x 5 numbers that are put in order. */
  @Test
  void aProductOrdersItsOperandsAndThenMultiplies() {
    Value product = MatMul.matMul(input("a", 3, 50), input("b", 50, 5));
    assertEquals(1500 / 100.0 + 400 * 4 / 5.0 + 3, seconds(product), 1e-12);
  }

  /** An outer product of 40 x 40 has few operations and few operands, but writes 1,600 numbers. */
  @Test
  void aProductWritesItsResult() {
    Value product = MatMul.matMul(input("a", 40, 1), input("b", 1, 40));
    assertEquals(1680 * 4 / 10.0 + 3, seconds(product), 1e-12);
  }

  @Test
  void aRepeatedOperandIsReadAsOftenAsItHasNumbers() {
    Value row = input("row", 5);
    Value repeated = Broadcast.broadcast(row, Shape.of(2, 5), List.of(1));
    assertEquals((5 + 10 + 10) * 4 / 10.0 + 3, seconds(Mul.mul(repeated, input("x", 2, 5))));
  }

  @Test
  void whatDependsOnNoInputIsComputedBeforehand() {
    Value constant = Tanh.tanh(builder.splat(Shape.of(1000), 0.5));
    assertEquals(3000 * 4 / 10.0 + 3, seconds(Mul.mul(input("x", 1000), constant)));
  }

  private Value input(String name, long... dims) {
    return builder.input(name, TensorType.real(dims));
  }

  private double seconds(Value result) {
    return ROOFLINE.seconds(builder.build(result));
  }
}
