package dev.tangents.exec.cuda.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Precision;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Simplified integer expressions have the value, and keep the bounds, of what was asked for. */
class IntsTest {
  private static final int EXTENT = 60;

  /** Two expressions of one variable: as built, and computed at once. */
  private record Both(Expr expr, long value) {}

  @Property(tries = 1000)
  void randomExpressionsKeepTheirValues(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < EXTENT; i += 7) {
      Expr.Var variable = new Expr.Var(Kind.INT, "i", 0, EXTENT - 1);
      Both both = grown(new Random(seed), new Both(variable, i), 1 + random.nextInt(8));
      assertEquals(both.value, evaluated(both.expr, variable, i), () -> both.expr.toString());
    }
  }

  private static Both grown(Random random, Both x, int steps) {
    Both y = x;
    for (int step = 0; step < steps; step++) {
      int c = 1 + random.nextInt(6);
      y =
          switch (random.nextInt(5)) {
            case 0 -> new Both(Ints.add(y.expr, Ints.of(c)), y.value + c);
            case 1 -> new Both(Ints.mul(y.expr, c), y.value * c);
            case 2 -> new Both(Ints.quotient(y.expr, c), y.value / c);
            case 3 -> new Both(Ints.remainder(y.expr, c), y.value % c);
            default -> // what a view of a view asks for
                new Both(
                    Ints.add(Ints.mul(Ints.quotient(y.expr, c), 2L * c), Ints.remainder(x.expr, c)),
                    y.value / c * 2 * c + x.value % c);
          };
    }
    return y;
  }

  /** The interpreter also requires each part to be within its bounds. */
  private static long evaluated(Expr expr, Expr.Var variable, int value) {
    double[] result = new double[1];
    Kernel kernel =
        new Kernel(
            Kernel.Scale.THREAD,
            EXTENT,
            variable,
            List.of(new Kernel.Buffer(Kind.WIDE, true)),
            List.of(
                new Stmt.If(
                    Ints.equal(variable, Ints.of(value)),
                    List.of(new Stmt.Store(0, Ints.of(0), Reals.widened(expr))))));
    Interpreter.Buffer buffer =
        new Interpreter.Buffer() {
          @Override
          public double get(int index) {
            return result[index];
          }

          @Override
          public void put(int index, double number) {
            result[index] = number;
          }
        };
    new Interpreter(kernel, Precision.DOUBLE).run(List.of(buffer));
    return (long) result[0];
  }

  @Test
  void whatABroadcastOfAReshapeAsksForIsTheVariableAgain() {
    Expr.Var i = new Expr.Var(Kind.INT, "i", 0, 11);
    Expr split = Ints.add(Ints.mul(Ints.quotient(i, 4), 4), Ints.remainder(i, 4));
    assertEquals(i, split);
    assertEquals(
        Ints.quotient(i, 4), Ints.quotient(Ints.add(Ints.mul(Ints.quotient(i, 4), 8), i4()), 8));
  }

  private static Expr i4() {
    return new Expr.Var(Kind.INT, "j", 0, 7);
  }
}
