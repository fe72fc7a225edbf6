package dev.tangents.testkit;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Batch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/** Compares a batched graph with a loop over its samples. */
public final class Loops {
  private Loops() {}

  /** Every subset of {@code names} but the empty one. */
  public static List<Set<String>> subsets(List<String> names) {
    List<Set<String>> subsets = new ArrayList<>();
    for (int bits = 1; bits < 1 << names.size(); bits++) {
      Set<String> subset = new HashSet<>();
      for (int i = 0; i < names.size(); i++) {
        if ((bits >> i & 1) == 1) {
          subset.add(names.get(i));
        }
      }
      subsets.add(subset);
    }
    return subsets;
  }

  /**
   * Requires Batch(graph) to equal the loop.
   *
   * @param mapped inputs that carry the axis; the others keep the numbers of sample 0
   * @param sample all inputs of sample n
   */
  public static void assertBatchIsLoop(
      Graph graph,
      Weights weights,
      Set<String> mapped,
      int size,
      IntFunction<List<double[]>> sample,
      double tolerance) {
    List<Node.Input> inputs = graph.inputs();
    List<List<double[]>> samples = new ArrayList<>();
    for (int n = 0; n < size; n++) {
      samples.add(choose(inputs, mapped, sample.apply(n), sample.apply(0)));
    }
    List<List<double[]>> looped =
        samples.stream().map(one -> Runs.reference(graph, weights, one)).toList();
    List<double[]> stacked = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      stacked.add(
          mapped.contains(inputs.get(i).name()) ? column(samples, i) : sample.apply(0).get(i));
    }
    List<double[]> expected = new ArrayList<>();
    for (int k = 0; k < graph.outputs().size(); k++) {
      expected.add(column(looped, k));
    }
    Graph batched = Batch.of(graph, mapped, size);
    String what = "batch of " + size + " over " + mapped + " of\n" + graph + "\n";
    Vectors.assertClose(expected, Runs.reference(batched, weights, stacked), tolerance, what);
    Graph small = Runs.simplified(batched);
    Vectors.assertClose(expected, Runs.reference(small, weights, stacked), tolerance, what);
  }

  private static List<double[]> choose(
      List<Node.Input> inputs, Set<String> mapped, List<double[]> own, List<double[]> shared) {
    List<double[]> chosen = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      chosen.add((mapped.contains(inputs.get(i).name()) ? own : shared).get(i));
    }
    return chosen;
  }

  private static double[] column(List<List<double[]>> rows, int i) {
    return Vectors.join(rows.stream().map(row -> row.get(i)).toList());
  }
}
