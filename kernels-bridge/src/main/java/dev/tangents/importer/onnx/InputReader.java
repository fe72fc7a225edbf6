package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.importer.onnx.schema.Onnx.TensorShapeProto.Dimension;
import dev.tangents.importer.onnx.schema.Onnx.TypeProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import dev.tangents.ir.DType;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Round;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Slice;
import dev.tangents.op.shape.Transpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Reads the inputs that a file declares. The graph has one for all that are real and one for all
 * that are integers, [batch D] each: the inputs of a sample one after the other, in the file's
 * order, row-major. So a derivative by the inputs is by one vector, and by no integer.
 */
final class InputReader {
  private static final int MOST_INPUTS = 1000;

  private final List<Declared> declared = new ArrayList<>();
  private final BatchAxes axes;
  private final long batch;

  /** An input with its shape at batch size 1, without the batch axis. */
  private record Declared(
      ValueInfoProto value, Tensor.Kind kind, int axis, boolean open, Shape sample) {
    boolean real() {
      return kind == Tensor.Kind.REAL;
    }
  }

  /**
   * Reads the declarations.
   *
   * @throws TangentsException of category MODEL if a shape is not fixed but for the batch, of
   *     category USER if there is no such batch axis
   */
  InputReader(List<ValueInfoProto> inputs, BatchAxes axes, long batch) {
    this.axes = axes;
    this.batch = batch;
    if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw TangentsException.model(
          "expected an input, and at most %d, got %d", MOST_INPUTS, inputs.size());
    }
    for (ValueInfoProto input : inputs) {
      try {
        declared.add(declared(input));
      } catch (TangentsException e) {
        throw e.within("input '" + Text.shown(input.getName()) + "'");
      }
    }
  }

  /** The inputs, real ones first. */
  List<ModelInput> inputs() {
    return packed().stream()
        .map(d -> ModelInput.of(d.value().getName(), new TensorType(dtype(d), d.sample())))
        .toList();
  }

  /** Whether the file leaves the batch size open. */
  boolean batchIsOpen() {
    return declared.stream().anyMatch(Declared::open);
  }

  /** The names that the file gives to open batch axes. */
  Set<String> batchNames() {
    Set<String> names = new HashSet<>();
    for (Declared input : declared) {
      String name = BatchAxis.dims(input.value()).get(input.axis()).getDimParam();
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** Adds the inputs to a graph and defines each in its own shape. */
  void define(GraphBuilder graph, BiConsumer<String, Tensor> scope) {
    for (boolean real : new boolean[] {true, false}) {
      List<Declared> members = declared.stream().filter(d -> d.real() == real).toList();
      if (!members.isEmpty()) {
        define(graph, members, scope);
      }
    }
  }

  private void define(
      GraphBuilder graph, List<Declared> members, BiConsumer<String, Tensor> scope) {
    String name = members.stream().map(m -> m.value().getName()).collect(Collectors.joining("+"));
    long width = members.stream().mapToLong(m -> m.sample().size()).sum();
    Shape flat = Shape.of(Math.multiplyExact(batch, width));
    GraphReader.requireSmall(flat);
    Value all = graph.input(name, new TensorType(dtype(members.get(0)), flat));
    // Integers are computed with as real numbers, which constants are; they keep no derivative.
    Value numbers = all.type().isReal() ? all : Round.round(all);
    long from = 0;
    for (Declared member : members) {
      Value own = numbers;
      if (members.size() > 1) {
        long to = from + member.sample().size();
        own = Slice.slice(Reshape.reshape(numbers, batch, width), 1, from, to);
        from = to;
      }
      Value shaped = Reshape.reshape(own, member.sample().insert(0, batch));
      Value placed = member.axis() == 0 ? shaped : Transpose.moveAxis(shaped, 0, member.axis());
      scope.accept(member.value().getName(), new Tensor(placed, member.kind()));
    }
  }

  private List<Declared> packed() {
    List<Declared> packed = new ArrayList<>();
    declared.stream().filter(Declared::real).forEach(packed::add);
    declared.stream().filter(d -> !d.real()).forEach(packed::add);
    return packed;
  }

  private static DType dtype(Declared input) {
    return input.real() ? DType.REAL : DType.INT;
  }

  private Declared declared(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    Tensor.Kind kind =
        TensorReader.kind(DataType.forNumber(type.getElemType()), type.getElemType());
    List<Dimension> dims = BatchAxis.dims(input);
    if (dims.isEmpty()) {
      throw TangentsException.model("it has no shape; export the model with the input's shape");
    }
    int axis = axes.ofInput(input.getName()).map(named -> BatchAxis.index(input, named)).orElse(0);
    Dimension own = dims.get(axis);
    if (own.hasDimValue() && own.getDimValue() != 1) {
      throw TangentsException.model(
          "its %s is fixed at %d; expected the batch axis, open or fixed at 1. Export with a dynamic"
              + " batch axis, or name the batch axis with --batch-axis",
          axis == 0 ? "first axis" : "axis " + axis, own.getDimValue());
    }
    Shape sample = Shape.of();
    for (int i = 0; i < dims.size(); i++) {
      if (i != axis && !dims.get(i).hasDimValue()) {
        throw TangentsException.model(
            "axis %d is open ('%s'); every axis but the batch, here axis %d, must have a fixed size. Export"
                + " with a fixed one",
            i, Text.shown(dims.get(i).getDimParam()), axis);
      }
      sample = i == axis ? sample : sample.insert(sample.rank(), dims.get(i).getDimValue());
    }
    GraphReader.requireSmall(sample);
    return new Declared(input, kind, axis, !own.hasDimValue(), sample);
  }
}
