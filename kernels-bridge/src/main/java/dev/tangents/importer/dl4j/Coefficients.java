package dev.tangents.importer.dl4j;

import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flat vector of a network's numbers, handed out from front to back. Mutable, used once. */
final class Coefficients {
  private final double[] flat;
  private final Map<String, Literal> weights = new LinkedHashMap<>();
  private int next;

  Coefficients(double[] flat) {
    this.flat = flat;
  }

  /** The next {@code count} numbers. */
  double[] take(int count) {
    next += count;
    return Arrays.copyOfRange(flat, next - count, next);
  }

  /** The next numbers as a parameter [n]. */
  Value vector(GraphBuilder graph, String name, int n) {
    return parameter(graph, name, Literal.of(TensorType.real(n), take(n)));
  }

  /** The next numbers as a parameter of that shape; they lie row by row. */
  Value tensor(GraphBuilder graph, String name, Shape shape) {
    return parameter(graph, name, Literal.of(TensorType.real(shape), take(shape.intSize())));
  }

  /** The next numbers as a parameter [rows, columns]; they lie column by column ('f' order). */
  Value matrix(GraphBuilder graph, String name, int rows, int columns) {
    double[] byColumn = take(rows * columns);
    double[] byRow = new double[byColumn.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        byRow[i * columns + j] = byColumn[j * rows + i];
      }
    }
    return parameter(graph, name, Literal.of(TensorType.real(rows, columns), byRow));
  }

  /** All parameters handed out. */
  Weights weights() {
    return Weights.of(weights);
  }

  private Value parameter(GraphBuilder graph, String name, Literal literal) {
    weights.put(name, literal);
    return graph.parameter(name, literal.type());
  }
}
