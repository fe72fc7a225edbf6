package dev.tangents.importer.onnx;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sums of products with axes named by letters, such as {@code bqd,bkd->bqk}: operands are taken in
 * order, two at a time, and each pair is a product of stacks of matrices.
 */
final class Einsum {
  private final Map<Character, Long> extents = new LinkedHashMap<>();

  private Einsum() {}

  /** A value whose axes have letters. */
  private record Labelled(Value value, String axes) {}

  /** The rule of the operator. */
  static Value apply(NodeCall call) {
    return new Einsum().evaluate(call, call.text("equation", "").replace(" ", ""));
  }

  private Value evaluate(NodeCall call, String equation) {
    int arrow = equation.indexOf("->");
    String[] left = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (left.length != call.count() || equation.contains(".")) {
      throw TangentsException.model(
          "equation '%s' for %d operands: expected letters for each, and no '...'",
          Text.shown(equation), call.count());
    }
    List<Labelled> operands = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      operands.add(labelled(call.value(i), left[i]));
    }
    String result = arrow < 0 ? implied(left) : equation.substring(arrow + 2);
    Labelled y = operands.get(0);
    for (int i = 1; i < left.length; i++) {
      y = product(y, operands.get(i), needed(result, operands.subList(i + 1, left.length)));
    }
    return arranged(summed(y, result), result).value();
  }

  private Labelled labelled(Value value, String axes) {
    if (axes.length() != value.shape().rank() || axes.chars().distinct().count() < axes.length()) {
      throw TangentsException.model(
          "axes '%s' of an operand %s: expected one letter for each axis, none of them twice",
          Text.shown(axes), value.shape());
    }
    for (int i = 0; i < axes.length(); i++) {
      Long known = extents.putIfAbsent(axes.charAt(i), value.shape().dim(i));
      if (known != null && known != value.shape().dim(i)) {
        throw TangentsException.model(
            "axis '%s' is %d and %d long", axes.charAt(i), known, value.shape().dim(i));
      }
    }
    return new Labelled(value, axes);
  }

  /** The letters of the result where there is no arrow: those that occur once, in order. */
  private static String implied(String[] operands) {
    String all = String.join("", operands);
    StringBuilder once = new StringBuilder();
    for (char letter : new TreeSet<>(all.chars().mapToObj(c -> (char) c).toList())) {
      if (all.indexOf(letter) == all.lastIndexOf(letter)) {
        once.append(letter);
      }
    }
    return once.toString();
  }

  private static Set<Character> needed(String result, List<Labelled> later) {
    Set<Character> letters = new TreeSet<>(letters(result));
    later.forEach(operand -> letters.addAll(letters(operand.axes())));
    return letters;
  }

  private static List<Character> letters(String axes) {
    return axes.chars().mapToObj(c -> (char) c).toList();
  }

  private Labelled product(Labelled a, Labelled b, Set<Character> later) {
    StringBuilder shared = new StringBuilder();
    StringBuilder inner = new StringBuilder();
    for (char letter : a.axes().toCharArray()) {
      if (b.axes().indexOf(letter) >= 0) {
        (later.contains(letter) ? shared : inner).append(letter);
      }
    }
    String rows = others(a, b, later);
    String columns = others(b, a, later);
    Labelled x = arranged(summed(a, shared + rows + inner), shared + rows + inner);
    Labelled w = arranged(summed(b, shared + "" + inner + columns), shared + "" + inner + columns);
    Shape stack = shape(shared.toString());
    long k = shape(inner.toString()).size();
    Value left = reshape(x.value(), stack.concat(Shape.of(shape(rows).size(), k)));
    Value right = reshape(w.value(), stack.concat(Shape.of(k, shape(columns).size())));
    String axes = shared + rows + columns;
    return new Labelled(reshape(ProductOps.matMul(left, right), shape(axes)), axes);
  }

  /** The letters of {@code a} that are not in {@code b} and are used later. */
  private static String others(Labelled a, Labelled b, Set<Character> later) {
    StringBuilder others = new StringBuilder();
    for (char letter : a.axes().toCharArray()) {
      if (b.axes().indexOf(letter) < 0 && later.contains(letter)) {
        others.append(letter);
      }
    }
    return others.toString();
  }

  /** Sums over the axes that are not in {@code kept}. */
  private static Labelled summed(Labelled x, String kept) {
    List<Integer> axes = new ArrayList<>();
    StringBuilder left = new StringBuilder();
    for (int i = 0; i < x.axes().length(); i++) {
      if (kept.indexOf(x.axes().charAt(i)) < 0) {
        axes.add(i);
      } else {
        left.append(x.axes().charAt(i));
      }
    }
    return axes.isEmpty() ? x : new Labelled(Sum.sum(x.value(), axes), left.toString());
  }

  private static Labelled arranged(Labelled x, String order) {
    List<Integer> permutation = order.chars().mapToObj(c -> x.axes().indexOf(c)).toList();
    if (permutation.contains(-1)) {
      throw TangentsException.model("axis of the result '%s' is in no operand", Text.shown(order));
    }
    return new Labelled(transpose(x.value(), permutation), order);
  }

  private Shape shape(String axes) {
    return Shape.of(axes.chars().mapToLong(letter -> extents.get((char) letter)).toArray());
  }
}
