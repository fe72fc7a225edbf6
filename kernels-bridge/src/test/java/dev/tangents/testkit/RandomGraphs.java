package dev.tangents.testkit;

import static dev.tangents.op.elementwise.Add.shift;
import static dev.tangents.op.elementwise.Mul.mul;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Div;
import dev.tangents.op.elementwise.Exp;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Neg;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Softmax;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.ReduceMax;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random networks: two inputs and a parameter, then steps that each apply a primitive, or a small
 * composition, to earlier values. One seed and one number of steps make one graph. Values stay of
 * the order of one, so that errors can be compared with one bound.
 */
public final class RandomGraphs {
  private static final int LARGEST = 48;

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> pool = new ArrayList<>();

  private RandomGraphs(long seed) {
    random = new Random(seed);
  }

  /** A graph over inputs x [2, 3] and y [3] and the parameter W [3, 2], with two results. */
  public static Graph of(long seed, int steps) {
    RandomGraphs graphs = new RandomGraphs(seed);
    return graphs.build(steps);
  }

  /** Numbers for W. */
  public static Weights weights(long seed) {
    double[] w = Vectors.normal(new Random(seed ^ 0x5DEECE66DL), 6);
    return Weights.of(Map.of("W", Literal.of(TensorType.real(3, 2), w)));
  }

  private Graph build(int steps) {
    pool.add(builder.input("x", TensorType.real(2, 3)));
    pool.add(builder.input("y", TensorType.real(3)));
    pool.add(builder.parameter("W", TensorType.real(3, 2)));
    pool.add(builder.splat(Shape.of(2, 3), random.nextInt(3) - 1));
    pool.add(builder.constant(Literal.of(TensorType.real(2, 2), 1, 0, 0, 1)));
    for (int step = 0; step < steps; step++) {
      Value next = step();
      // Sums and products grow; tanh keeps everything near one.
      pool.add(random.nextInt(4) == 0 ? Tanh.tanh(next) : next);
    }
    return builder.build(pool.get(pool.size() - 1), pool.get(pool.size() - 2));
  }

  private Value step() {
    Value x = pick();
    return switch (random.nextInt(6)) {
      case 0 -> unary(x);
      case 1, 2 -> binary(x, partner(x));
      case 3 -> x.shape().rank() == 0 ? unary(x) : fold(x);
      case 4 -> move(x);
      default -> product(x);
    };
  }

  private Value unary(Value x) {
    return switch (random.nextInt(8)) {
      case 0 -> Sin.sin(x);
      case 1 -> Sigmoid.sigmoid(x);
      case 2 -> Softplus.softplus(x);
      case 3 -> Relu.relu(x);
      case 4 -> Exp.exp(Tanh.tanh(x));
      case 5 -> Neg.neg(x);
      case 6 -> Mul.scale(x, random.nextInt(3) - 1);
      default -> Tanh.tanh(x);
    };
  }

  private Value binary(Value a, Value b) {
    return switch (random.nextInt(5)) {
      case 0 -> Add.add(a, b);
      case 1 -> Sub.sub(a, b);
      case 2 -> mul(Tanh.tanh(a), b);
      case 3 -> Div.div(a, shift(mul(b, b), 1));
      default -> Max.max(a, b);
    };
  }

  private Value fold(Value x) {
    int axis = random.nextInt(x.shape().rank());
    return switch (random.nextInt(4)) {
      case 0 -> LogSumExp.logSumExp(x, axis);
      case 1 -> ReduceMax.reduceMax(x, axis);
      case 2 -> Softmax.softmax(x, axis);
      default -> Sum.mean(x, axis);
    };
  }

  private Value move(Value x) {
    Shape shape = x.shape();
    boolean fits = shape.size() * 2 <= LARGEST;
    if (shape.rank() == 0 || (shape.rank() < 3 && fits && flip())) {
      int gap = random.nextInt(shape.rank() + 1);
      List<Integer> kept =
          IntStream.rangeClosed(0, shape.rank()).filter(i -> i != gap).boxed().toList();
      return Broadcast.broadcast(x, shape.insert(gap, 2), kept);
    }
    int axis = random.nextInt(shape.rank());
    return switch (random.nextInt(4)) {
      case 0 -> {
        boolean flat = flip() || shape.rank() == 3;
        yield Reshape.reshape(x, flat ? Shape.of(shape.size()) : shape.insert(axis, 1));
      }
      case 1 -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
        Collections.shuffle(order, random);
        yield Transpose.transpose(x, order);
      }
      case 2 -> Slice.slice(x, axis, random.nextInt((int) shape.dim(axis)), shape.dim(axis));
      default -> fits ? Concat.concat(List.of(x, partner(x)), axis) : x;
    };
  }

  /** A B^T or A^T B of x, as a matrix A of at most three rows, and a partner B of its size. */
  private Value product(Value x) {
    long size = x.shape().size();
    long rows = size % 3 == 0 ? 3 : 2 - size % 2;
    long columns = size / rows;
    Value a = Reshape.reshape(x, rows, columns);
    Value b = Reshape.reshape(partner(x), rows, columns);
    boolean inner = columns * columns <= LARGEST && flip();
    return Mul.scale(builder.apply(new MatMul(inner, !inner), a, b), 1.0 / size);
  }

  private Value pick() {
    return pool.get(random.nextInt(pool.size()));
  }

  /** Another value of x's shape: one from the pool, or x itself under a function. */
  private Value partner(Value x) {
    List<Value> same = pool.stream().filter(v -> v.shape().equals(x.shape())).toList();
    return same.isEmpty() || random.nextInt(4) == 0
        ? Sin.sin(x)
        : same.get(random.nextInt(same.size()));
  }

  private boolean flip() {
    return random.nextBoolean();
  }
}
