package dev.tangents.it.sql;

import java.util.ArrayList;
import java.util.List;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Numbers in a row's arrays. */
final class Values {
  private Values() {}

  /** All numbers of a value, of arrays in arrays one after the other. */
  static double[] flat(Object value) {
    List<Double> numbers = new ArrayList<>();
    collect(value, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(Object value, List<Double> numbers) {
    if (value instanceof Seq<?> array) {
      CollectionConverters.asJava(array).forEach(element -> collect(element, numbers));
    } else {
      numbers.add(((Number) value).doubleValue());
    }
  }

  /** The determinant of a square matrix, row by row, by cofactors of its first row. */
  static double determinant(double... matrix) {
    int size = (int) Math.sqrt(matrix.length);
    if (size == 1) {
      return matrix[0];
    }
    double sum = 0;
    for (int c = 0; c < size; c++) {
      double[] minor = new double[(size - 1) * (size - 1)];
      int to = 0;
      for (int i = size; i < matrix.length; i++) {
        if (i % size != c) {
          minor[to++] = matrix[i];
        }
      }
      sum += (c % 2 == 0 ? 1 : -1) * matrix[c] * determinant(minor);
    }
    return sum;
  }
}
