package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Engine;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A wide two-layer ReLU network against the closed form of its limit (arc-cosine kernels, Cho and
 * Saul 2009; the NTK as in Jacot et al. 2018): |x||x'| (k1 + r k0)/2 for unit deviations. One draw
 * of width m deviates by C / sqrt m; the test allows five such deviations.
 */
class InfiniteWidthTest {
  private static final int WIDTH = 4096;
  private static final Engine ENGINE = new ReferenceEngine();

  @ParameterizedTest(name = "angle {0}, seed {2}")
  @CsvSource({
    "0, 1.7320508, 1",
    "0, 1.7320508, 2",
    "60, 1.06, 1",
    "60, 1.06, 2",
    "90, 0.47, 1",
    "90, 0.47, 3",
    "120, 0.36, 1",
    "120, 0.36, 2"
  })
  void meanFieldKernelTimesWidthNearsTheClosedForm(double degrees, double deviation, long seed) {
    Model model = Grams.mlp("mlp:2-" + WIDTH + "-1:relu?param=mean-field&bias=false&seed=" + seed);
    double angle = Math.toRadians(degrees);
    double[] x = {1, 0};
    double[] y = {2 * Math.cos(angle), 2 * Math.sin(angle)};
    double[] kernel =
        Grams.gram(
            ENGINE,
            model.graph(),
            model.weights(),
            KernelKind.TRACE,
            List.of("0.weight", "1.weight"),
            x,
            y);
    // |x||x'| = 2, and Theta_MF = Theta_NTK / m exactly for the same draw.
    assertEquals(limit(angle), WIDTH * kernel[1] / 2, 5 * deviation / Math.sqrt(WIDTH));
  }

  private static double limit(double angle) {
    double r = Math.cos(angle);
    double k0 = (Math.PI - angle) / Math.PI;
    double k1 = (r * (Math.PI - angle) + Math.sin(angle)) / Math.PI;
    return (k1 + r * k0) / 2;
  }
}
