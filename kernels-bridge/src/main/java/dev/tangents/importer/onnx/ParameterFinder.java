package dev.tangents.importer.onnx;

import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.Literal;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells trained numbers from fixed ones: ONNX calls both initializers. A parameter is a float
 * initializer that some node takes as weight, bias, scale or shift, directly or through nodes that
 * only move or convert it. Running means and variances, single factors, masks and indices are not.
 */
final class ParameterFinder {
  /** Operands that are weights, biases, scales or shifts. */
  private static final Map<String, List<Integer>> POSITIONS =
      Map.ofEntries(
          Map.entry("BatchNormalization", List.of(1, 2)),
          Map.entry("Conv", List.of(1, 2)),
          Map.entry("ConvTranspose", List.of(1, 2)),
          Map.entry("Einsum", List.of(0, 1, 2, 3)),
          Map.entry("Gather", List.of(0)),
          Map.entry("Gemm", List.of(0, 1, 2)),
          Map.entry("GroupNormalization", List.of(1, 2)),
          Map.entry("InstanceNormalization", List.of(1, 2)),
          Map.entry("LayerNormalization", List.of(1, 2)),
          Map.entry("MatMul", List.of(0, 1)),
          Map.entry("PRelu", List.of(1)),
          Map.entry("RMSNormalization", List.of(1)));

  /**
   * Operators that also stand between numbers that nobody trained: a single number, or one beyond
   * 1e30, is a factor or a mask there.
   */
  private static final Map<String, List<Integer>> LOOSE_POSITIONS =
      Map.of("Add", List.of(0, 1), "Mul", List.of(0, 1));

  /** Operators whose result shows the elements of their first operand, or of all operands. */
  private static final Set<String> PASSING =
      Set.of(
          "Cast",
          "CastLike",
          "Concat",
          "Dropout",
          "Expand",
          "Flatten",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "SequenceAt",
          "SplitToSequence",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  private static final double LARGEST = 1e30;

  private final Map<String, TensorReader.Numbers> tensors;
  private final Set<String> wanted = new HashSet<>();
  private final Set<String> wantedLoosely = new HashSet<>();

  private ParameterFinder(Map<String, TensorReader.Numbers> tensors) {
    this.tensors = tensors;
  }

  /** Names of the parameters, in the file's order. */
  static Set<String> of(OnnxFile file) {
    ParameterFinder finder = new ParameterFinder(file.tensors());
    List<NodeProto> nodes = file.graph().getNodeList();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      finder.visit(nodes.get(i));
    }
    Set<String> names = new LinkedHashSet<>();
    finder.tensors.forEach(
        (name, numbers) -> {
          if (finder.isTrained(name, numbers)) {
            names.add(name);
          }
        });
    return names;
  }

  private boolean isTrained(String name, TensorReader.Numbers numbers) {
    return numbers.kind() == Tensor.Kind.REAL
        && (wanted.contains(name) || (wantedLoosely.contains(name) && looksTrained(numbers)));
  }

  private static boolean looksTrained(TensorReader.Numbers numbers) {
    Literal literal = numbers.literal();
    if (literal.type().shape().size() <= 1) {
      return false;
    }
    for (double number : literal.isSplat() ? new double[] {literal.first()} : literal.toArray()) {
      if (!(Math.abs(number) < LARGEST)) {
        return false;
      }
    }
    return true;
  }

  private void visit(NodeProto node) {
    mark(node, POSITIONS.getOrDefault(node.getOpType(), List.of()), wanted);
    mark(node, LOOSE_POSITIONS.getOrDefault(node.getOpType(), List.of()), wantedLoosely);
    if (node.getOpType().equals("Concat")) {
      // A class token is joined to what the sample brings.
      wantedLoosely.addAll(node.getInputList());
    }
    if (PASSING.contains(node.getOpType())) {
      int passed = node.getOpType().equals("Concat") ? node.getInputCount() : 1;
      List<String> inputs = node.getInputList().subList(0, Math.min(passed, node.getInputCount()));
      for (String output : node.getOutputList()) {
        if (wanted.contains(output)) {
          wanted.addAll(inputs);
        }
        if (wantedLoosely.contains(output)) {
          wantedLoosely.addAll(inputs);
        }
      }
    }
  }

  private static void mark(NodeProto node, List<Integer> positions, Set<String> names) {
    for (int position : positions) {
      if (position < node.getInputCount()) {
        names.add(node.getInput(position));
      }
    }
  }
}
