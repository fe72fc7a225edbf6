package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelValue;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Transpose;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds the graph of a file at one batch size, node by node. A node that cannot be read does not
 * stop the others: all of them are named in one message. Used once.
 */
final class GraphReader {
  private static final int MOST_NODES = 100_000;

  private static final long MOST_ELEMENTS = 1L << 28;
  private static final int MOST_NAMED = 40;

  private static final Set<String> ACTIVATIONS =
      Set.of(
          "Elu",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "LogSoftmax",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softmax",
          "Softplus",
          "Softsign",
          "Tanh");

  private final OnnxFile file;
  private final ImportOptions options;
  private final long batch;
  private final Set<String> trained;
  private final Set<String> doubtful;
  private final Set<String> made;
  private final GraphBuilder graph = new GraphBuilder();
  private final KnownValues knownValues = new KnownValues();
  private final Map<String, Tensor> scope = new HashMap<>();
  private final Map<String, Literal> weights = new LinkedHashMap<>();
  private final Map<String, String> missing = new HashMap<>();

  /** Lists of tensors by name: an operand that is one stands for all its parts. */
  private final Map<String, List<Tensor>> sequences = new HashMap<>();

  private final Set<String> unreadable = new HashSet<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * A network at one batch size.
   *
   * @param graph of inputs [batch D], real ones together and integers together, and one result
   *     [batch O]
   * @param weights its parameters
   * @param batchIsSymbolic whether the file leaves the batch size open
   * @param inputs the file's own inputs, in the order in which they are packed
   * @param output the file's own value that is the result
   * @param made parameters that the exporter computed from those of the module
   * @param doubtful initializers that are constants here and may have been trained
   */
  record Network(
      Graph graph,
      Weights weights,
      boolean batchIsSymbolic,
      List<ModelInput> inputs,
      ModelValue output,
      Set<String> made,
      Set<String> doubtful) {}

  /**
   * The result.
   *
   * @param value in shape [batch O]
   * @param declared as the file has it
   */
  private record Result(Value value, ModelValue declared) {}

  /**
   * A reader of a file with one output.
   *
   * @param options which output is wanted, and which axes are the batch
   * @param batch the batch size
   */
  GraphReader(OnnxFile file, ImportOptions options, long batch) {
    this.file = file;
    this.options = options;
    this.batch = batch;
    ParameterFinder finder = new ParameterFinder(file, options.trained());
    this.trained = finder.names();
    this.doubtful = finder.doubtful();
    this.made = finder.made();
  }

  /**
   * Reads the graph.
   *
   * @throws TangentsException of category MODEL naming everything that is not supported
   */
  Network read() {
    requireStandardParts();
    InputReader inputs = new InputReader(file.inputs(), options.batchAxes(), batch);
    inputs.define(graph, this::define);
    readInitializers();
    file.graph().getNodeList().forEach(this::readNode);
    requireNoFailures();
    Result y = output(inputs.batchNames());
    // Shape arithmetic leaves dead constants, and a parameter that the output ignores is none of f.
    Graph smaller = new Simplify(new ReferenceFolder()).apply(graph.build(y.value()));
    weights.keySet().retainAll(smaller.parameters().stream().map(Node.Parameter::name).toList());
    return new Network(
        smaller,
        Weights.of(weights),
        inputs.batchIsOpen(),
        inputs.inputs(),
        y.declared(),
        made,
        doubtful);
  }

  private void requireStandardParts() {
    Set<String> ends = new LinkedHashSet<>();
    file.inputs().forEach(input -> ends.add(input.getName()));
    file.graph().getOutputList().forEach(output -> ends.add(output.getName()));
    options.batchAxes().requireKnown(ends);
    if (file.graph().getNodeCount() > MOST_NODES) {
      throw TangentsException.model(
          "%d nodes; expected at most %d", file.graph().getNodeCount(), MOST_NODES);
    }
  }

  private void readInitializers() {
    file.tensors()
        .forEach(
            (name, numbers) -> {
              Value value;
              if (trained.contains(name)) {
                value = graph.parameter(name, numbers.literal().type());
                weights.put(name, numbers.literal());
              } else {
                value = graph.constant(numbers.literal());
              }
              define(name, new Tensor(value, numbers.kind()));
            });
  }

  private void readNode(NodeProto node) {
    if (node.getInputList().stream().anyMatch(unreadable::contains)) {
      // What it reads has failed already; its own operator may fail too, and then is named as well.
      if (OpTable.find(OpTable.name(node)).isEmpty()) {
        failures.add(title(node) + ": operator not supported");
      }
      unreadable.addAll(node.getOutputList());
      return;
    }
    try {
      OpTable.Rule rule =
          OpTable.find(OpTable.name(node))
              .orElseThrow(() -> TangentsException.model("operator not supported"));
      List<Tensor> results = apply(rule, node, operands(node));
      if (node.getOpType().equals("SplitToSequence")) {
        sequences.put(node.getOutput(0), results);
        return;
      }
      for (int i = 0; i < Math.min(results.size(), node.getOutputCount()); i++) {
        requireSmall(results.get(i).shape());
        define(node.getOutput(i), results.get(i));
      }
      for (int i = results.size(); i < node.getOutputCount(); i++) {
        missing.put(node.getOutput(i), "output " + i + " of " + title(node) + " is not supported");
      }
    } catch (TangentsException e) {
      fail(node, e.getMessage());
    } catch (ArithmeticException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      // Sizes and axes of a damaged file: checked as they are used, wherever that is.
      fail(node, "its sizes or axes are out of range (" + Text.shown(e.toString()) + ")");
    }
  }

  private List<Optional<Tensor>> operands(NodeProto node) {
    List<Optional<Tensor>> operands = new ArrayList<>();
    for (int i = 0; i < node.getInputCount(); i++) {
      String name = node.getInput(i);
      if (sequences.containsKey(name)) {
        sequences.get(name).forEach(part -> operands.add(Optional.of(part)));
      } else if (node.getOpType().equals("BatchNormalization")
          && i >= 3
          && trained.contains(name)) {
        // Exporters merge initializers of equal bytes: in an untrained network a mean is the shift
        // of this or another layer. As a mean it is still a constant.
        Value statistic = graph.constant(file.tensors().get(name).literal());
        operands.add(Optional.of(new Tensor(statistic, Tensor.Kind.REAL)));
      } else {
        operands.add(name.isEmpty() ? Optional.empty() : Optional.of(lookUp(name)));
      }
    }
    return operands;
  }

  private void fail(NodeProto node, String reason) {
    failures.add(title(node) + ": " + reason);
    unreadable.addAll(node.getOutputList());
  }

  private List<Tensor> apply(OpTable.Rule rule, NodeProto node, List<Optional<Tensor>> operands) {
    graph.origin(Text.shown(node.getName().isEmpty() ? node.getOutput(0) : node.getName()));
    if (!operands.stream().allMatch(o -> o.isEmpty() || o.get().isKnown())) {
      return rule.apply(new NodeCall(node, operands, graph, file));
    }
    GraphBuilder apart = new GraphBuilder();
    List<Optional<Tensor>> copies =
        operands.stream()
            .map(o -> o.map(t -> t.with(apart.constant(t.literal().orElseThrow()))))
            .toList();
    List<Tensor> results = rule.apply(new NodeCall(node, copies, apart, file));
    List<Literal> literals = knownValues.of(results.stream().map(Tensor::value).toList());
    List<Tensor> constants = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      constants.add(results.get(i).with(graph.constant(literals.get(i))));
    }
    return constants;
  }

  private static String title(NodeProto node) {
    String name = node.getName().isEmpty() ? "" : "'" + Text.shown(node.getName()) + "' ";
    return "node " + name + "(" + Text.shown(OpTable.name(node)) + ")";
  }

  private void requireNoFailures() {
    if (!failures.isEmpty()) {
      int named = Math.min(failures.size(), MOST_NAMED);
      throw TangentsException.model(
          "%d nodes cannot be read:%s%s",
          failures.size(),
          "\n  " + String.join("\n  ", failures.subList(0, named)),
          named < failures.size() ? "\n  and " + (failures.size() - named) + " more" : "");
    }
  }

  private Result output(Set<String> batchNames) {
    ValueInfoProto declared = file.graph().getOutput(0);
    String name = declared.getName();
    int axis =
        options
            .batchAxes()
            .ofOutput(name)
            .map(named -> BatchAxis.index(declared, named))
            .orElseGet(() -> BatchAxis.ofOutput(declared, batchNames));
    if (options.output().equals(ModelOutput.LOGITS)) {
      name = beforeActivation(name);
    }
    Tensor result = lookUp(name);
    if (result.kind() != Tensor.Kind.REAL) {
      throw TangentsException.model(
          "output '%s' holds no real numbers, and has no derivative", Text.shown(name));
    }
    Shape shape = result.shape();
    if (shape.rank() <= axis || shape.dim(axis) != batch) {
      throw TangentsException.model(
          "output '%s' has shape %s for a batch of %d; expected the batch as axis %d. Name its axis with"
              + " --batch-axis %s=AXIS",
          Text.shown(name), shape, batch, axis, Text.shown(declared.getName()));
    }
    Value first = axis == 0 ? result.value() : Transpose.moveAxis(result.value(), axis, 0);
    List<Long> dims = new ArrayList<>(Arrays.stream(shape.dims()).boxed().toList());
    dims.remove(axis);
    return new Result(Reshape.reshape(first, shape.size()), new ModelValue(name, dims));
  }

  private String beforeActivation(String name) {
    for (NodeProto node : file.graph().getNodeList()) {
      if (node.getOutputList().contains(name) && ACTIVATIONS.contains(node.getOpType())) {
        return node.getInput(0);
      }
    }
    return name;
  }

  private Tensor lookUp(String name) {
    Tensor tensor = scope.get(name);
    if (missing.containsKey(name)) {
      throw TangentsException.model("%s", missing.get(name));
    }
    if (tensor == null) {
      throw TangentsException.model(
          "no value '%s' before it; nodes must stand in the order in which they are computed",
          Text.shown(name));
    }
    return tensor;
  }

  private void define(String name, Tensor tensor) {
    if (!name.isEmpty() && scope.put(name, tensor) != null) {
      throw TangentsException.model(
          "two values are named '%s'; names must differ", Text.shown(name));
    }
  }

  /** Refuses a shape that only a hostile file has. */
  static void requireSmall(Shape shape) {
    if (shape.size() > MOST_ELEMENTS) {
      throw TangentsException.model("a value of shape %s has more than 2^28 elements", shape);
    }
  }
}
