package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.NamePattern;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.Literal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
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

  /** Operators whose result is a product with a weight, to which a bias is added. */
  private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  /** Names of values that PyTorch's exporters made themselves. */
  private static final Pattern MADE = Pattern.compile("onnx::\\w+|\\d+|val_\\d+|.*_output_\\d+.*");

  private static final double LARGEST = 1e30;

  private final OnnxFile file;
  private final DeclaredKinds declared;

  /** The node that computes a value. */
  private final Map<String, NodeProto> makers = new HashMap<>();

  /** Values that depend on a sample. */
  private final Set<String> ofSamples = new HashSet<>();

  private final Map<Claim, Set<String>> claimed = new EnumMap<>(Claim.class);

  /** What the user calls trained. */
  private final Set<String> named = new HashSet<>();

  private final Set<String> names;

  /** Why a value may be a parameter. */
  private enum Claim {
    /** Only a parameter stands there. */
    POSITION,
    /** It is added to the product with a weight that has one output. */
    BIAS_OF_ONE,
    /** A parameter stands there, or a factor or a mask. */
    LOOSE_POSITION,
    /** What stands there is computed from it. */
    SOURCE,
    /** A recurrence begins with it. */
    STATE,
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
      node.getOutputList().forEach(output -> makers.put(output, node));
      if (node.getInputList().stream().anyMatch(ofSamples::contains)) {
        ofSamples.addAll(given(node.getOutputList()));
      }
    }
    for (int i = nodes.size() - 1; i >= 0; i--) {
      visit(nodes.get(i));
    }
    trained.forEach(pattern -> named.addAll(matching(pattern)));
    this.names = all(this::isTrained);
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
    return names;
  }

  /**
   * Names of initializers that are constants here and may have been trained, in the file's order.
   */
  Set<String> doubtful() {
    return all(
        (name, numbers) ->
            claimed.get(Claim.DOUBT).contains(name)
                && !names.contains(name)
                && declared.isParameter(name).isEmpty()
                && numbers.kind() == Tensor.Kind.REAL
                && isParameterOrMask(name, numbers.literal()));
  }

  /** Names of parameters that the exporter computed from those of the module. */
  Set<String> made() {
    return all((name, numbers) -> names.contains(name) && isMade(name));
  }

  private Set<String> all(BiPredicate<String, TensorReader.Numbers> which) {
    Set<String> found = new LinkedHashSet<>();
    file.tensors()
        .forEach(
            (name, numbers) -> {
              if (which.test(name, numbers)) {
                found.add(name);
              }
            });
    return found;
  }

  private boolean isTrained(String name, TensorReader.Numbers numbers) {
    return numbers.kind() == Tensor.Kind.REAL
        && (named.contains(name)
            || declared
                .isParameter(name)
                .orElseGet(
                    () ->
                        Arrays.stream(Claim.values())
                            .filter(claim -> claimed.get(claim).contains(name))
                            .anyMatch(claim -> holds(claim, name, numbers.literal()))));
  }

  private boolean holds(Claim claim, String name, Literal literal) {
    return switch (claim) {
      case POSITION -> true;
      case BIAS_OF_ONE -> literal.type().shape().size() == 1 && literal.type().shape().rank() > 0;
      case LOOSE_POSITION, SOURCE ->
          isParameterOrMask(name, literal) && !(isOfZerosAndOnes(literal) && !isUniform(literal));
      case STATE -> isParameterOrMask(name, literal) && !isOfZerosAndOnes(literal);
      case DOUBT -> false;
    };
  }

  private static double[] numbers(Literal literal) {
    return literal.isSplat() ? new double[] {literal.first()} : literal.toArray();
  }

  private static boolean isOfZerosAndOnes(Literal literal) {
    return Arrays.stream(numbers(literal)).allMatch(number -> number == 0 || number == 1);
  }

  /** Whether all numbers are the same, as those of a scale or shift before training. */
  private static boolean isUniform(Literal literal) {
    double[] numbers = numbers(literal);
    return numbers.length > 0 && Arrays.stream(numbers).allMatch(number -> number == numbers[0]);
  }

  private boolean isParameterOrMask(String name, Literal literal) {
    return (literal.type().shape().size() > 1 || isOfModule(name))
        && Arrays.stream(numbers(literal)).allMatch(number -> Math.abs(number) < LARGEST);
  }

  /**
   * Whether PyTorch's exporter has a value from the module: it writes a number of the program as a
   * node, and a number that the module keeps as an initializer under its name there.
   */
  private boolean isOfModule(String name) {
    return file.producer().startsWith("pytorch") && !isMade(name);
  }

  /** In a file that declares what the module had, all else is the exporter's. */
  private boolean isMade(String name) {
    return MADE.matcher(name).matches()
        || (!declared.isEmpty() && declared.isParameter(name).isEmpty());
  }

  private void visit(NodeProto node) {
    boolean fixed = node.getOutputList().stream().noneMatch(ofSamples::contains);
    claim(Claim.POSITION, node, POSITIONS.getOrDefault(node.getOpType(), List.of()));
    claim(Claim.STATE, node, STATES.getOrDefault(node.getOpType(), List.of()));
    if (!fixed) {
      claim(Claim.LOOSE_POSITION, node, LOOSE_POSITIONS.getOrDefault(node.getOpType(), List.of()));
      if (DOUBTFUL.contains(node.getOpType())) {
        claimed.get(Claim.DOUBT).addAll(given(node.getInputList()));
      }
    }
    if (node.getOpType().equals("Add")
        && node.getInputList().stream().anyMatch(this::isProductOfOne)) {
      claimed.get(Claim.BIAS_OF_ONE).addAll(given(node.getInputList()));
    }
    if (node.getOpType().equals("Concat")) {
      // A class token is joined to what the sample brings.
      claimed.get(Claim.LOOSE_POSITION).addAll(node.getInputList());
    }
    pass(node, fixed);
  }

  /** What is claimed of a node's result is claimed of what it shows, or is computed from. */
  private void pass(NodeProto node, boolean fixed) {
    boolean passing = PASSING.contains(node.getOpType());
    if (!passing && !fixed) {
      return;
    }
    boolean all = !passing || node.getOpType().equals("Concat");
    List<String> inputs =
        given(
            all
                ? node.getInputList()
                : node.getInputList().subList(0, Math.min(1, node.getInputCount())));
    for (Claim claim : Claim.values()) {
      if (given(node.getOutputList()).stream().anyMatch(claimed.get(claim)::contains)) {
        claimed.get(passing || claim == Claim.DOUBT ? claim : Claim.SOURCE).addAll(inputs);
      }
    }
  }

  /**
   * Whether a value is the product of samples with an initializer along one of whose axes is one
   * number.
   */
  private boolean isProductOfOne(String name) {
    NodeProto maker = makers.get(name);
    while (maker != null && PASSING.contains(maker.getOpType()) && maker.getInputCount() > 0) {
      maker = makers.get(maker.getInput(0));
    }
    return maker != null
        && PRODUCTS.contains(maker.getOpType())
        && maker.getInputCount() > 1
        && isOfOneNumberAlongAnAxis(maker.getInput(1));
  }

  private boolean isOfOneNumberAlongAnAxis(String weight) {
    NodeProto maker = makers.get(weight);
    String initializer =
        maker != null && PASSING.contains(maker.getOpType()) ? maker.getInput(0) : weight;
    TensorReader.Numbers numbers = file.tensors().get(initializer);
    return numbers != null
        && Arrays.stream(numbers.literal().type().shape().dims()).anyMatch(extent -> extent == 1);
  }

  private void claim(Claim claim, NodeProto node, List<Integer> positions) {
    for (int position : positions) {
      if (position < node.getInputCount() && !node.getInput(position).isEmpty()) {
        claimed.get(claim).add(node.getInput(position));
      }
    }
  }

  /** The names that are given: ONNX leaves that of an optional operand or result empty. */
  private static List<String> given(List<String> names) {
    return names.stream().filter(name -> !name.isEmpty()).toList();
  }
}
