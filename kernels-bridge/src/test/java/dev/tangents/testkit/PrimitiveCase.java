package dev.tangents.testkit;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One line of the table of primitives.
 *
 * @param primitive what is tested
 * @param shapes shapes of its operands
 * @param sampler draws operands from its domain, off its kinks
 * @param formula the same value by other means
 * @param tolerance error of the value against the formula, relative to 1 + |value|, in double
 * @param reason why that much
 */
public record PrimitiveCase(
    Primitive primitive,
    List<Shape> shapes,
    Sampler sampler,
    Formula formula,
    double tolerance,
    String reason) {
  static final double EXACT = 0;
  static final double ROUNDED = 4e-15;
  static final String MOVES = "moves or selects numbers: no rounding";
  static final String FEW = "a few roundings of 1.1e-16 on either side";
  static final String LIBRARY = "two elementary functions, each within 2 units in the last";
  static final String SUMS = "sums of at most 12 numbers in another order";

  /** Names of the operands' inputs. */
  public List<String> names() {
    return IntStream.range(0, shapes.size()).mapToObj(i -> "x" + i).toList();
  }

  /** The graph that applies the primitive to one input an operand, as it stands. */
  public Graph graph() {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(builder.applyAsIs(primitive, inputs(builder)));
  }

  /** The operands as inputs of {@code builder}. */
  public Value[] inputs(GraphBuilder builder) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      inputs.add(builder.input(names().get(i), TensorType.real(shapes.get(i))));
    }
    return inputs.toArray(new Value[0]);
  }

  /** Operands from the domain. */
  public List<double[]> sample(Random random) {
    List<double[]> operands = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      operands.add(sampler.sample(random, i, shapes.get(i).intSize()));
    }
    return operands;
  }

  @Override
  public String toString() {
    return primitive.name() + " " + primitive + " of " + shapes;
  }
}
