package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.derivative.Jacobians;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantities that are computed together. */
class RowExecutorTest extends RowRuns {
  /** Several quantities in one pass give what each gives by itself, and share the network. */
  @Test
  void severalInOnePass() {
    RowRequest[] requests = {
      RowRequest.of(Quantity.GRADIENT_NORMS),
      RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.REVERSE),
      RowRequest.of(Quantity.LAPLACIAN),
      RowRequest.of(Quantity.GRADIENT)
    };
    RowSize size = RowSize.ofSamples(2);
    RowPass pass = pass(model, requests);
    List<RowBatch> together = run(model, pass, model.weights(), size);
    int nodes = 0;
    for (int q = 0; q < requests.length; q++) {
      RowPass single = pass(model, requests[q]);
      nodes += single.over(size).nodes().size();
      List<RowBatch> alone = run(model, single, model.weights(), size);
      List<double[]> expected = written(alone, 0);
      List<double[]> found = written(together, q);
      for (int n = 0; n < N; n++) {
        assertArrayEquals(expected.get(n), found.get(n), 1e-14);
      }
    }
    int joined = pass.over(size).nodes().size();
    int network = Jacobians.reverse(model.graph(), List.of("x")).nodes().size();
    int all = nodes;
    assertTrue(joined <= all - network / 2, () -> joined + " nodes joined, " + all + " apart");
  }
}
