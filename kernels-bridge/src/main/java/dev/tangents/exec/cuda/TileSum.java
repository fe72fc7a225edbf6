package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import java.util.List;

/**
 * A tile of a kernel [n, m] as one piece of work, written once whatever the number of layers: the
 * offset and the sum over terms of scale (A A'^T + shift) o (D D'^T), all factors row-major.
 *
 * @param n rows
 * @param m columns
 * @param offset added to every element
 * @param terms what is summed
 * @param arithmetic how the products are formed
 */
record TileSum(int n, int m, double offset, List<Term> terms, Arithmetic arithmetic) {
  /** Copies the list. */
  TileSum {
    terms = List.copyOf(terms);
  }

  /**
   * A term. Its factors are four buffers, or two where it has no A.
   *
   * @param left inner extent of A [n, left] and A' [m, left]; 0 for a term scale D D'^T alone
   * @param right inner extent of D [n, right] and D' [m, right]
   * @param shift added to A A'^T
   * @param scale of the product
   */
  record Term(int left, int right, double shift, double scale) {}

  /** Numbers of a row of a factor, by its place among the buffers: A, A', D, D' of each term. */
  int inner(int factor) {
    int place = 0;
    for (Term term : terms) {
      for (int inner : term.left > 0 ? new int[] {term.left, term.right} : new int[] {term.right}) {
        if (factor / 2 == place++) {
          return inner;
        }
      }
    }
    throw new IndexOutOfBoundsException(factor);
  }

  /** Floating-point operations of the products. */
  double flops() {
    return terms.stream().mapToDouble(term -> 2.0 * n * m * (term.left + term.right)).sum();
  }
}
