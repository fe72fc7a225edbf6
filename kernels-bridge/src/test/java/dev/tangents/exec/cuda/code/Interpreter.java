package dev.tangents.exec.cuda.code;

import dev.tangents.exec.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.FastMath;

/**
 * Runs kernels on the host, as the device would: reals are rounded after each operation, a block
 * folds in its threads' order. It is stricter than a device: an integer that leaves the bounds that
 * its expression claims is an error, and work that may be done in any order is done backwards.
 */
public final class Interpreter {
  private final Kernel kernel;
  private final boolean single;
  private final Map<String, Integer> variables = new HashMap<>();
  private final Step body;
  private final int instance;

  /** Numbers in memory, as a kernel sees them. */
  public interface Buffer {
    /** Number {@code index}. */
    double get(int index);

    /** Sets number {@code index}. */
    void put(int index, double value);
  }

  private static final class Frame {
    final double[] variables;
    final List<Buffer> buffers;

    Frame(int count, List<Buffer> buffers) {
      this.variables = new double[count];
      this.buffers = buffers;
    }
  }

  private interface Value {
    double of(Frame frame);
  }

  private interface Step {
    void take(Frame frame);
  }

  /** Prepares a kernel. */
  public Interpreter(Kernel kernel, Precision precision) {
    this.kernel = kernel;
    this.single = precision == Precision.FLOAT;
    this.instance = slot(kernel.instance());
    this.body = steps(kernel.body());
  }

  /** Runs all instances. */
  public void run(List<Buffer> buffers) {
    for (int i = kernel.instances() - 1; i >= 0; i--) {
      Frame frame = new Frame(variables.size(), buffers);
      frame.variables[instance] = i;
      body.take(frame);
    }
  }

  private int slot(Expr.Var variable) {
    return variables.computeIfAbsent(variable.name(), any -> variables.size());
  }

  private Step steps(List<Stmt> statements) {
    List<Step> steps = new ArrayList<>();
    for (Stmt statement : statements) {
      steps.add(step(statement));
    }
    Step[] all = steps.toArray(new Step[0]);
    return frame -> {
      for (Step step : all) {
        step.take(frame);
      }
    };
  }

  private Step step(Stmt statement) {
    if (statement instanceof Stmt.Let let) {
      return assign(let.variable(), let.value());
    }
    if (statement instanceof Stmt.Set set) {
      return assign(set.variable(), set.value());
    }
    if (statement instanceof Stmt.Store store) {
      if (!kernel.buffers().get(store.buffer()).written()) {
        throw new AssertionError("Stores to buffer " + store.buffer() + ", which is for reading");
      }
      Value at = number(store.at());
      Value value = number(store.value());
      return frame -> frame.buffers.get(store.buffer()).put((int) at.of(frame), value.of(frame));
    }
    if (statement instanceof Stmt.If test) {
      Value condition = number(test.condition());
      Step then = steps(test.body());
      return frame -> {
        if (condition.of(frame) != 0) {
          then.take(frame);
        }
      };
    }
    if (statement instanceof Stmt.For loop) {
      return loop(loop.variable(), loop.from(), loop.to(), loop.body(), false);
    }
    if (statement instanceof Stmt.Share loop) {
      return loop(loop.variable(), loop.from(), loop.to(), loop.body(), true);
    }
    return fold((Stmt.Fold) statement);
  }

  private Step assign(Expr.Var variable, Expr value) {
    int slot = slot(variable);
    Value number = number(value);
    return frame -> frame.variables[slot] = within(variable, number.of(frame));
  }

  private static double within(Expr.Var variable, double value) {
    boolean outside = value < variable.least() || value > variable.most();
    if (variable.kind() == Kind.INT && outside) {
      throw new AssertionError(value + " is outside of the bounds of " + variable);
    }
    return value;
  }

  private Step loop(Expr.Var variable, Expr from, Expr to, List<Stmt> body, boolean backwards) {
    int slot = slot(variable);
    Value first = number(from);
    Value end = number(to);
    Step inner = steps(body);
    return frame -> {
      int a = (int) first.of(frame);
      int b = (int) end.of(frame);
      for (int i = a; i < b; i++) {
        frame.variables[slot] = within(variable, backwards ? b - 1 - (i - a) : i);
        inner.take(frame);
      }
    };
  }

  private Step fold(Stmt.Fold fold) {
    int slot = slot(fold.variable());
    int result = slot(fold.result());
    Value first = number(fold.from());
    Value end = number(fold.to());
    Step inner = steps(fold.body());
    Value value = number(fold.value());
    int threads = kernel.scale() == Kernel.Scale.BLOCK ? Kernel.BLOCK : 1;
    return frame -> {
      int a = (int) first.of(frame);
      int b = (int) end.of(frame);
      double[] parts = new double[threads];
      for (int t = 0; t < threads; t++) {
        parts[t] = fold.neutral();
        for (int i = a + t; i < b; i += threads) {
          frame.variables[slot] = within(fold.variable(), i);
          inner.take(frame);
          parts[t] = two(fold.how(), parts[t], value.of(frame));
        }
      }
      for (int half = threads / 2; half > 0; half /= 2) {
        for (int t = 0; t < half; t++) {
          parts[t] = two(fold.how(), parts[t], parts[t + half]);
        }
      }
      frame.variables[result] = parts[0];
    };
  }

  private Value number(Expr expr) {
    if (expr instanceof Expr.Num num) {
      double value = num.kind() == Kind.REAL && single ? (float) num.value() : num.value();
      return frame -> value;
    }
    if (expr instanceof Expr.Var variable) {
      int slot = slot(variable);
      return frame -> frame.variables[slot];
    }
    if (expr instanceof Expr.Load load) {
      Value at = number(load.at());
      return frame -> frame.buffers.get(load.buffer()).get((int) at.of(frame));
    }
    return apply((Expr.Apply) expr);
  }

  private Value apply(Expr.Apply apply) {
    Value[] x = apply.arguments().stream().map(this::number).toArray(Value[]::new);
    Op op = apply.op();
    boolean narrow = single && apply.kind() == Kind.REAL;
    boolean whole = apply.kind() == Kind.INT;
    Value raw =
        switch (op) {
          case SELECT -> frame -> x[0].of(frame) != 0 ? x[1].of(frame) : x[2].of(frame);
          case AND -> frame -> x[0].of(frame) != 0 && x[1].of(frame) != 0 ? 1 : 0;
          case OR -> frame -> x[0].of(frame) != 0 || x[1].of(frame) != 0 ? 1 : 0;
          case NOT -> frame -> x[0].of(frame) != 0 ? 0 : 1;
          default ->
              x.length == 1
                  ? frame -> one(op, x[0].of(frame))
                  : frame -> two(op, x[0].of(frame), x[1].of(frame));
        };
    if (whole) {
      return frame -> bounded(apply, raw.of(frame));
    }
    return narrow ? frame -> (float) raw.of(frame) : raw;
  }

  private static double bounded(Expr.Apply apply, double value) {
    if (value < apply.least() || value > apply.most()) {
      throw new AssertionError(value + " is outside of the bounds of " + apply);
    }
    return value;
  }

  private static double one(Op op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case SINH -> Math.sinh(x);
      case ASINH -> FastMath.asinh(x);
      case ATAN -> Math.atan(x);
      case TANH -> Math.tanh(x);
      case ERF -> Erf.of(x);
      case SQRT -> Math.sqrt(x);
      case RINT -> Math.rint(x);
      case TO_REAL, TO_WIDE -> x;
      case TO_INT -> (int) x;
      default -> throw new AssertionError(op + " of one number");
    };
  }

  private static double two(Op op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case QUOTIENT -> (double) Math.floorDiv(notNegative(a, b), (long) b);
      case REMAINDER -> (double) Math.floorMod(notNegative(a, b), (long) b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POW -> Math.pow(a, b);
      case LESS -> a < b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
      default -> throw new AssertionError(op + " of two numbers");
    };
  }

  private static long notNegative(double a, double b) {
    if (a < 0 || b <= 0) {
      throw new AssertionError("Division of " + a + " by " + b);
    }
    return (long) a;
  }
}
