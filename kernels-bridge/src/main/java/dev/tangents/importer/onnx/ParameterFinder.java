package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.NamePattern;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.Literal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Tells trained numbers from fixed ones: ONNX calls both initializers. What the file declares of an
 * initializer holds, and before it what the user says. Of others a parameter is a float initializer
 * that some node takes as weight, bias, scale or shift: directly, through nodes that only move or
 * convert it, or through any nodes to which no sample comes, such as the norm of a weight. Running
 * means and variances, factors of one number that no module of PyTorch has, masks and indices are
 * not. What is subtracted from a sample or divides it may be either, and is named as doubtful.
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
          Map.entry("GRU", List.of(1, 2, 3)),
          Map.entry("Gemm", List.of(0, 1, 2)),
          Map.entry("GroupNormalization", List.of(1, 2)),
          Map.entry("InstanceNormalization", List.of(1, 2)),
          Map.entry("LSTM", List.of(1, 2, 3, 7)),
          Map.entry("LayerNormalization", List.of(1, 2)),
          Map.entry("MatMul", List.of(0, 1)),
          Map.entry("PRelu", List.of(1)),
          Map.entry("RMSNormalization", List.of(1)),
          Map.entry("RNN", List.of(1, 2, 3)));

  /**
   * Operators that also stand between numbers that nobody trained: a single number, or one beyond
   * 1e30, is a factor or a mask there.
   */
  private static final Map<String, List<Integer>> LOOSE_POSITIONS =
      Map.of("Add", List.of(0, 1), "Mul", List.of(0, 1));

  /** The states that a recurrence begins with: trained, or zeros that nobody trained. */
  private static final Map<String, List<Integer>> STATES =
      Map.of("GRU", List.of(5), "LSTM", List.of(5, 6), "RNN", List.of(5));

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

  /** Operators between a sample and numbers of which nobody can tell whether they were trained. */
  private static final Set<String> DOUBTFUL = Set.of("Sub", "Div", "Pow");

  /** Names of values that PyTorch's exporters made themselves. */
  private static final Pattern MADE = Pattern.compile("onnx::\\w+|\\d+|val_\\d+|.*_output_\\d+.*");

  /** Names that scikit-learn's exporter gives to weights and biases. */
  private static final Pattern LEARNT = Pattern.compile("(coefficient|intercepts)\\d*");

  private static final double LARGEST = 1e30;

  private final OnnxFile file;
  private final DeclaredKinds declared;

  /** Values that depend on a sample. */
  private final Set<String> ofSamples = new HashSet<>();

  private final Map<Claim, Set<String>> claimed = new EnumMap<>(Claim.class);

  /** What the user calls trained. */
  private final Set<String> named = new HashSet<>();

  /** Why a value may be a parameter. */
  private enum Claim {
    /** Only a parameter stands there. */
    POSITION,
    /** A parameter stands there, or a factor or a mask. */
    LOOSE_POSITION,
    /** What stands there is computed from it, or it is a state that a recurrence begins with. */
    SOURCE,
    /** It meets a sample where a parameter may stand, and a mean or a scale of the data as well. */
    DOUBT
  }

  /**
   * A finder of the parameters of a file.
   *
   * @param trained patterns of initializers that are parameters, whatever the file says
   * @throws TangentsException of category USER if a pattern matches no float initializer
   */
  ParameterFinder(OnnxFile file, List<String> trained) {
    this.file = file;
    this.declared = new DeclaredKinds(file.graph());
    for (Claim claim : Claim.values()) {
      claimed.put(claim, new HashSet<>());
    }
    file.inputs().forEach(input -> ofSamples.add(input.getName()));
    List<NodeProto> nodes = file.graph().getNodeList();
    for (NodeProto node : nodes) {
      if (node.getInputList().stream().anyMatch(ofSamples::contains)) {
        ofSamples.addAll(node.getOutputList());
      }
    }
    for (int i = nodes.size() - 1; i >= 0; i--) {
      visit(nodes.get(i));
    }
    trained.forEach(pattern -> named.addAll(matching(pattern)));
  }

  private List<String> matching(String pattern) {
    List<String> reals =
        file.tensors().entrySet().stream()
            .filter(tensor -> tensor.getValue().kind() == Tensor.Kind.REAL)
            .map(Map.Entry::getKey)
            .toList();
    List<String> found = NamePattern.of(pattern).among(reals);
    if (found.isEmpty()) {
      throw TangentsException.user(
          "trained: '%s' matches no float initializer of the model, which has %s",
          pattern, Text.shown(String.join(", ", reals)));
    }
    return found;
  }

  /** Names of the parameters, in the file's order. */
  Set<String> names() {
    return names(this::isTrained);
  }

  /**
   * Names of initializers that are constants here and may have been trained, in the file's order.
   */
  Set<String> doubtful() {
    return names(
        (name, numbers) ->
            claimed.get(Claim.DOUBT).contains(name)
                && !isTrained(name, numbers)
                && declared.isParameter(name).isEmpty()
                && numbers.kind() == Tensor.Kind.REAL
                && looksTrained(name, numbers));
  }

  private Set<String> names(BiPredicate<String, TensorReader.Numbers> which) {
    Set<String> names = new LinkedHashSet<>();
    file.tensors()
        .forEach(
            (name, numbers) -> {
              if (which.test(name, numbers)) {
                names.add(name);
              }
            });
    return names;
  }

  private boolean isTrained(String name, TensorReader.Numbers numbers) {
    return numbers.kind() == Tensor.Kind.REAL
        && (named.contains(name)
            || declared
                .isParameter(name)
                .orElseGet(
                    () ->
                        claimed.get(Claim.POSITION).contains(name)
                            || (claimed.get(Claim.LOOSE_POSITION).contains(name)
                                && looksTrained(name, numbers))
                            || (claimed.get(Claim.SOURCE).contains(name)
                                && looksTrained(name, numbers)
                                && !isMask(numbers.literal()))));
  }

  /** Whether all numbers are 0 or 1, from which masks are computed. */
  private static boolean isMask(Literal literal) {
    return Arrays.stream(literal.isSplat() ? new double[] {literal.first()} : literal.toArray())
        .allMatch(number -> number == 0 || number == 1);
  }

  private boolean looksTrained(String name, TensorReader.Numbers numbers) {
    Literal literal = numbers.literal();
    if (literal.type().shape().size() <= 1 && !isOfModule(name)) {
      return false;
    }
    for (double number : literal.isSplat() ? new double[] {literal.first()} : literal.toArray()) {
      if (!(Math.abs(number) < LARGEST)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the exporter has a value from the module. PyTorch's writes a number of the program as a
   * node, and a number that the module keeps as an initializer under its name there; scikit-learn's
   * has names of its own for weights and biases.
   */
  private boolean isOfModule(String name) {
    return (file.producer().startsWith("pytorch") && !MADE.matcher(name).matches())
        || (file.producer().startsWith("skl2onnx") && LEARNT.matcher(name).matches());
  }

  private void visit(NodeProto node) {
    claim(Claim.POSITION, node, POSITIONS.getOrDefault(node.getOpType(), List.of()));
    claim(Claim.LOOSE_POSITION, node, LOOSE_POSITIONS.getOrDefault(node.getOpType(), List.of()));
    claim(Claim.SOURCE, node, STATES.getOrDefault(node.getOpType(), List.of()));
    if (node.getOpType().equals("Concat")) {
      // A class token is joined to what the sample brings.
      claimed.get(Claim.LOOSE_POSITION).addAll(node.getInputList());
    }
    boolean fixed = node.getOutputList().stream().noneMatch(ofSamples::contains);
    if (DOUBTFUL.contains(node.getOpType()) && !fixed) {
      claimed.get(Claim.DOUBT).addAll(node.getInputList());
    }
    if (PASSING.contains(node.getOpType())) {
      int passed = node.getOpType().equals("Concat") ? node.getInputCount() : 1;
      List<String> inputs = node.getInputList().subList(0, Math.min(passed, node.getInputCount()));
      claimed.values().stream()
          .filter(names -> hasResult(node, names))
          .forEach(n -> n.addAll(inputs));
    } else if (fixed) {
      boolean doubt = hasResult(node, claimed.get(Claim.DOUBT));
      if (claimed.values().stream().anyMatch(names -> hasResult(node, names))) {
        claimed.get(doubt ? Claim.DOUBT : Claim.SOURCE).addAll(node.getInputList());
      }
    }
  }

  private static boolean hasResult(NodeProto node, Set<String> names) {
    return node.getOutputList().stream().anyMatch(names::contains);
  }

  private void claim(Claim claim, NodeProto node, List<Integer> positions) {
    for (int position : positions) {
      if (position < node.getInputCount()) {
        claimed.get(claim).add(node.getInput(position));
      }
    }
  }
}
