package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What an ONNX node may compute, by operator name, put together from families. */
final class OpTable {
  private static final OpTable STANDARD = new OpTable();

  private final Map<String, Rule> rules = new TreeMap<>();

  private OpTable() {
    ElementwiseOps.register(this);
    KnownOps.register(this);
    ProductOps.register(this);
    ReduceOps.register(this);
    ShapeOps.register(this);
    IndexOps.register(this);
    NormOps.register(this);
    WindowOps.register(this);
    ResizeOps.register(this);
    LearningOps.register(this);
    RecurrentOps.register(this);
  }

  /** Builds the values of one node. */
  @FunctionalInterface
  interface Rule {
    /** The results, in the node's order; results that nothing can use may be left out. */
    List<Tensor> apply(NodeCall call);
  }

  /** The rule of an operator by its {@link #name}, if it is supported. */
  static Optional<Rule> find(String operator) {
    return Optional.ofNullable(STANDARD.rules.get(operator));
  }

  /** A node's operator, with its domain before it unless that is the standard one. */
  static String name(NodeProto node) {
    String domain = node.getDomain();
    return domain.isEmpty() || domain.equals("ai.onnx")
        ? node.getOpType()
        : domain + "." + node.getOpType();
  }

  /** All operators, sorted. */
  static Set<String> names() {
    return Set.copyOf(STANDARD.rules.keySet());
  }

  /** Adds a rule. */
  void add(String operator, Rule rule) {
    if (rules.put(operator, rule) != null) {
      throw TangentsException.internal("ONNX: two rules for operator %s", operator);
    }
  }

  /** Adds an operator with one result. */
  void one(String operator, Function<NodeCall, Tensor> rule) {
    add(operator, call -> List.of(rule.apply(call)));
  }

  /** Adds an operator whose one result is of its first operand's kind. */
  void same(String operator, Function<NodeCall, Value> rule) {
    one(operator, call -> call.tensor(0).with(rule.apply(call)));
  }

  /** Adds an operator of the first operand's value, with attributes. */
  void unary(String operator, BiFunction<Value, NodeCall, Value> rule) {
    same(operator, call -> rule.apply(call.value(0), call));
  }
}
