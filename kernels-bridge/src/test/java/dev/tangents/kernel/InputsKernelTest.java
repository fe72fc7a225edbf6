package dev.tangents.kernel;

import dev.tangents.exec.Engine;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Golden;
import dev.tangents.testkit.Vectors;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels of networks of several inputs, or with a batch that is not first, against PyTorch's. */
class InputsKernelTest {
  private static final double TOLERANCE = 1e-10;

  @ParameterizedTest
  @CsvSource({"conditioned, 0", "masked, batch", "time-first, 1"})
  void kernelIsPyTorchs(String network, String axis) throws IOException {
    Golden golden = Golden.of("/onnx/" + network + ".json");
    Model model =
        Models.load(
            Golden.path("/onnx/" + network + "-torchscript.onnx").toString(),
            LocalFile::at,
            ImportOptions.defaults().withBatchAxes(BatchAxes.parse(axis)));
    double[][] x = golden.rows("inputs").toArray(new double[0][]);
    double[] kernel = golden.row("kernel");
    double mean = Arrays.stream(kernel).map(Math::abs).average().orElseThrow();
    for (Engines.Entry entry : Engines.inDouble()) {
      try (Engine engine = entry.open().get()) {
        for (Method method : Method.values()) {
          KernelPlan plan =
              KernelPlan.of(
                  model.graph(),
                  new KernelRequest(
                      KernelKind.FULL, false, Grams.parameters(model.graph()), method));
          // A micro-batch of 3 for 2 samples: the last row is padding.
          try (GramKernel gram = new GramKernel(engine, plan, model.weights(), 3);
              Panel panel = gram.panel(Grams.rows(x))) {
            double[] found = gram.tile(panel, panel).block(0).read().doubles();
            Vectors.assertClose(
                Vectors.scaled(1 / mean, kernel),
                Vectors.scaled(1 / mean, found),
                TOLERANCE,
                network + ", " + entry + " " + method);
          }
        }
      }
    }
  }
}
