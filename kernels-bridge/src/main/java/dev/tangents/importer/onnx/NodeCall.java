package dev.tangents.importer.onnx;

import com.google.protobuf.ByteString;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto.AttributeType;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Optional;

/** One node of an ONNX graph as its rule sees it: operands, attributes, opset. */
final class NodeCall {
  /** Below this, every float is near some 1/n. */
  private static final double SMALLEST_FRACTION = 1e-3;

  private final NodeProto node;
  private final List<Optional<Tensor>> operands;
  private final GraphBuilder builder;
  private final OnnxFile file;

  /**
   * A node with its operands.
   *
   * @param operands one for each input of the node; empty where an optional one is left out
   * @param builder where its values go
   * @param file the file that it is in
   */
  NodeCall(NodeProto node, List<Optional<Tensor>> operands, GraphBuilder builder, OnnxFile file) {
    this.node = node;
    this.operands = List.copyOf(operands);
    this.builder = builder;
    this.file = file;
  }

  /** The graph under construction. */
  GraphBuilder builder() {
    return builder;
  }

  /** Version of the operator set. */
  int opset() {
    return file.opset();
  }

  /** Number of operands, those left out among them. */
  int count() {
    return operands.size();
  }

  /** Number of results that the node names. */
  int outputs() {
    return node.getOutputCount();
  }

  /** Whether the node names result {@code index}, so that something may use it. */
  boolean names(int index) {
    return index < node.getOutputCount() && !node.getOutput(index).isEmpty();
  }

  /** Whether operand {@code index} is there. */
  boolean has(int index) {
    return index < operands.size() && operands.get(index).isPresent();
  }

  /**
   * Operand {@code index}.
   *
   * @throws TangentsException of category MODEL if it is left out
   */
  Tensor tensor(int index) {
    if (!has(index)) {
      throw TangentsException.model("operand %d is missing; it has %d", index, operands.size());
    }
    return operands.get(index).get();
  }

  /** The value of operand {@code index}. */
  Value value(int index) {
    return tensor(index).value();
  }

  /**
   * The numbers of operand {@code index}.
   *
   * @throws TangentsException of category MODEL if they depend on the sample or on a parameter
   */
  Literal literal(int index) {
    return tensor(index)
        .literal()
        .orElseThrow(
            () ->
                TangentsException.model(
                    "operand %d depends on the sample or on a parameter; expected a constant, since shapes and"
                        + " indices are fixed when the file is read",
                    index));
  }

  /** The integers of operand {@code index}, which must be known. */
  long[] integers(int index) {
    double[] numbers = literal(index).toArray();
    long[] integers = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      integers[i] = (long) numbers[i];
    }
    return integers;
  }

  /** The only number of operand {@code index}, which must be known. */
  double number(int index) {
    Literal literal = literal(index);
    if (literal.type().shape().size() != 1) {
      throw TangentsException.model(
          "operand %d: expected one number, got shape %s", index, literal.type().shape());
    }
    return literal.first();
  }

  /** The attribute {@code name}, an integer, or {@code other} where it is left out. */
  long integer(String name, long other) {
    return find(name, AttributeType.INT).map(AttributeProto::getI).orElse(other);
  }

  /** The attribute {@code name}, a number, or {@code other} where it is left out. */
  double number(String name, double other) {
    return find(name, AttributeType.FLOAT).map(a -> widened(a.getF())).orElse(other);
  }

  /** The attribute {@code name}, a string, or {@code other} where it is left out. */
  String text(String name, String other) {
    return find(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(other);
  }

  /** The attribute {@code name}, a list of strings, if it is there. */
  Optional<List<String>> texts(String name) {
    return find(name, AttributeType.STRINGS)
        .map(a -> a.getStringsList().stream().map(ByteString::toStringUtf8).toList());
  }

  /** The attribute {@code name}, a list of integers, if it is there. */
  Optional<long[]> integers(String name) {
    return find(name, AttributeType.INTS)
        .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  /** The attribute {@code name}, a list of numbers, if it is there. */
  Optional<double[]> numbers(String name) {
    return find(name, AttributeType.FLOATS)
        .map(a -> a.getFloatsList().stream().mapToDouble(NodeCall::widened).toArray());
  }

  /** The attribute {@code name}, a tensor, if it is there. */
  Optional<Tensor> tensor(String name) {
    return find(name, AttributeType.TENSOR)
        .map(attribute -> file.reader().read(attribute.getT()))
        .map(numbers -> new Tensor(builder.constant(numbers.literal()), numbers.kind()));
  }

  /** Whether the attribute is there, of whatever type. */
  boolean hasAttribute(String name) {
    return node.getAttributeList().stream().anyMatch(a -> a.getName().equals(name));
  }

  /**
   * The axes that a reduction, squeeze or unsqueeze names: operand 1 in newer opsets, the attribute
   * {@code axes} in older ones.
   */
  Optional<long[]> axes() {
    return has(1) ? Optional.of(integers(1)) : integers("axes");
  }

  /** A constant of integers along one axis. */
  Tensor integerList(long... numbers) {
    double[] values = new double[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers[i];
    }
    Literal literal = Literal.of(TensorType.real(numbers.length), values);
    return new Tensor(builder.constant(literal), Tensor.Kind.INT);
  }

  /** A constant of any kind. */
  Tensor known(Tensor.Kind kind, Shape shape, double... values) {
    return new Tensor(builder.constant(Literal.of(TensorType.real(shape), values)), kind);
  }

  /**
   * A float attribute as the number that was meant: 0.1f becomes 0.1 and not 0.10000000149, and the
   * float nearest to 1/6 becomes 1/6. Slopes and epsilons are such numbers, and a float64 model
   * would otherwise be off by 1e-8.
   */
  private static double widened(float number) {
    double fraction = 1 / Math.rint(1.0 / number);
    return (float) fraction == number && Math.abs(fraction) > SMALLEST_FRACTION
        ? fraction
        : Double.parseDouble(Float.toString(number));
  }

  private Optional<AttributeProto> find(String name, AttributeType type) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        if (attribute.getType() != type) {
          throw TangentsException.model(
              "attribute '%s': expected %s, got %s", Text.shown(name), type, attribute.getType());
        }
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }
}
