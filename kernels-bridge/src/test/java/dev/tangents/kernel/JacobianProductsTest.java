package dev.tangents.kernel;

import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.check.JacobianProducts;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products with the Jacobian of many samples against the kernel's. */
class JacobianProductsTest {
  /** All samples, more than run at once: K v is J (J^T v). */
  @Test
  void productsOverBatchesAreTheKernels() {
    Graph network = TestNetworks.all().get("convolution");
    Weights weights = KernelTermTest.weights(network, 5);
    List<String> parameters = Grams.parameters(network);
    double[][] x = new double[5][];
    Random random = new Random(8);
    Arrays.setAll(x, n -> Vectors.normal(random, TestNetworks.D));
    for (Engines.Entry entry : Engines.all()) {
      try (Engine engine = entry.open().get();
          JacobianProducts products =
              new JacobianProducts(engine, network, parameters, weights, 2)) {
        int outputs = products.outputs();
        double[] v = Vectors.normal(random, 5L * outputs);
        List<double[]> u = products.zeros();
        products.accumulate(Grams.rows(x), v, u);
        double[] found = products.apply(Grams.rows(x), u);
        double[] kernel = Grams.gram(engine, network, weights, KernelKind.FULL, parameters, x);
        double[] expected = new double[v.length];
        for (int i = 0; i < kernel.length; i++) {
          int lanes = i / 25;
          int n = i / 5 % 5;
          int m = i % 5;
          expected[n * outputs + lanes / outputs] += kernel[i] * v[m * outputs + lanes % outputs];
        }
        Vectors.assertClose(expected, found, entry.tolerance(), entry.toString());
      }
    }
  }
}
