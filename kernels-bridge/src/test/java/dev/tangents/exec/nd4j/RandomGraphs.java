package dev.tangents.exec.nd4j;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Greater.greater;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Neg.neg;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Sub.sub;
import static dev.tangents.op.elementwise.Tanh.tanh;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.LogSumExp;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import dev.tangents.op.shape.Concat;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import dev.tangents.testkit.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random graphs whose values are read again and again: the last twenty nodes may be operands of the
 * next, and several are results, so that a value overwritten too early shows.
 */
final class RandomGraphs {
  private static final int NODES = 30;

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder();
  private final List<Value> pool = new ArrayList<>();
  private final Map<String, Literal> weights = new LinkedHashMap<>();

  private RandomGraphs(long seed) {
    this.random = new Random(seed);
  }

  /** A graph, its weights, and inputs for it. */
  record Drawn(Graph graph, Weights weights, List<double[]> inputs) {}

  /** The graph of a seed. */
  static Drawn of(long seed) {
    return new RandomGraphs(seed).draw();
  }

  private Drawn draw() {
    List<double[]> inputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      TensorType type = TensorType.real(1 + random.nextInt(3), 1 + random.nextInt(3));
      pool.add(builder.input("x" + i, type));
      inputs.add(Vectors.normal(random, type.shape().size()));
      TensorType weight = TensorType.real(1 + random.nextInt(3), 1 + random.nextInt(3));
      pool.add(builder.parameter("w" + i, weight));
      weights.put("w" + i, Literal.of(weight, Vectors.normal(random, weight.shape().size())));
    }
    for (int i = 0; i < NODES; i++) {
      pool.add(node(pick()));
    }
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      results.add(pick());
    }
    return new Drawn(builder.build(results), Weights.of(weights), inputs);
  }

  private Value pick() {
    return pool.get(Math.max(0, pool.size() - 1 - random.nextInt(20)));
  }

  private Value node(Value x) {
    Shape shape = x.shape();
    int rows = (int) shape.dim(0);
    int columns = (int) shape.dim(1);
    return switch (random.nextInt(14)) {
      case 0 -> tanh(x);
      case 1 -> relu(x);
      case 2 -> neg(x);
      case 3 -> scale(x, 0.5);
      case 4 -> tanh(add(x, partner(x)));
      case 5 -> tanh(mul(x, partner(x)));
      case 6 -> sub(partner(x), greater(x, partner(x)));
      case 7 -> Transpose.transpose(x, 1, 0);
      case 8 -> Reshape.reshape(x, columns, rows);
      case 9 -> Slice.slice(x, random.nextInt(2), 0, 1);
      case 10 -> tanh(Concat.concat(List.of(x, partner(x)), random.nextInt(2)));
      case 11 -> tanh(new MatMulCase(random.nextBoolean()).of(x, partner(x)));
      case 12 -> Broadcast.broadcast(Sum.sum(x, 0), shape, List.of(1));
      default -> Broadcast.broadcast(LogSumExp.logSumExp(x, 1), shape, List.of(0));
    };
  }

  /** A value of the same shape: another one of the pool, or the value itself. */
  private Value partner(Value x) {
    List<Value> fitting = pool.stream().filter(y -> y.shape().equals(x.shape())).toList();
    return fitting.get(random.nextInt(fitting.size()));
  }

  /** X Y^T or X^T Y, which fit any two matrices of one shape. */
  private record MatMulCase(boolean left) {
    Value of(Value x, Value y) {
      return x.builder().apply(new MatMul(left, !left), x, y);
    }
  }
}
