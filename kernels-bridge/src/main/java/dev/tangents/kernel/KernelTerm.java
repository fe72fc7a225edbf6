package dev.tangents.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One parameter's share of the kernel, K_theta[n, o, m, p] = &lt;df_o(x_n)/dtheta,
 * df_p(x_m)/dtheta&gt;, as a sum over pairs of uses. A use contributes the gradient sum_t left_t
 * (x) right_t, an outer product for each position t; so a pair contributes
 *
 * <pre>  sum_{t,t'} &lt;left_t(n), left'_t'(m)&gt; &lt;right_t(n), right'_t'(m)&gt;.</pre>
 *
 * <p>For one use with T = 1 that is the Hadamard product of two Gram matrices. A gradient held
 * whole is a use with no left factor.
 *
 * @param parameter the parameter's name
 * @param method how it is formed; never AUTO
 * @param uses its uses; none if no output depends on it, and the term is zero
 */
record KernelTerm(String parameter, Method method, List<Use> uses) {
  /** Copies the list. */
  KernelTerm {
    uses = List.copyOf(uses);
  }

  /** The term's use, if it has exactly one. */
  Optional<Use> onlyUse() {
    return uses.size() == 1 ? Optional.of(uses.get(0)) : Optional.empty();
  }

  /** The numbers of the factors that it uses, with repetitions. */
  IntStream factors() {
    return uses.stream()
        .flatMapToInt(use -> IntStream.concat(use.left().stream(), IntStream.of(use.right())));
  }

  /** This term's uses in another order of products. */
  KernelTerm by(Method other) {
    return new KernelTerm(parameter, other, uses);
  }

  /** This term with its factors under other numbers. */
  KernelTerm renumbered(int[] numbers) {
    return new KernelTerm(
        parameter, method, uses.stream().map(use -> use.renumbered(numbers)).toList());
  }

  /**
   * One use of the parameter. Factors are numbered by their position among the results of the
   * {@link FactorGraph}.
   *
   * @param left factor along the view's rows, [T, r], or numbers of rows, [T, 1], of an embedding;
   *     empty for a gradient held whole
   * @param right factor along the view's columns, [T, s]; the whole gradient, [1, P], if there is
   *     no left
   * @param view which elements of the parameter the outer product is the gradient of; null for a
   *     whole gradient
   */
  record Use(OptionalInt left, int right, ParameterView view) {
    /** This use with rows and columns exchanged. */
    Use transposed() {
      return new Use(OptionalInt.of(right), left.getAsInt(), view.transposed());
    }

    /** This use with its factors under other numbers. */
    Use renumbered(int[] numbers) {
      OptionalInt moved =
          left.isPresent() ? OptionalInt.of(numbers[left.getAsInt()]) : OptionalInt.empty();
      return new Use(moved, numbers[right], view);
    }

    /** The constant factor between a whole gradient and the parameter's. */
    double scale() {
      return view.scale();
    }
  }
}
