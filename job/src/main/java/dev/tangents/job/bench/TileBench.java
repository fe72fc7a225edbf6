package dev.tangents.job.bench;

import dev.tangents.exec.Engine;
import dev.tangents.exec.HostTensor;
import dev.tangents.importer.Model;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.kernel.GramKernel;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Panel;
import java.util.ArrayList;
import java.util.List;

/**
 * All tiles of the trace kernel of an MLP 784-1024-1024-1024-1 over N = 8192 random samples, in
 * float, against a single-precision matrix product of the machine's BLAS, on one thread. Useful
 * operations of a tile are the products and the elementwise passes of its graph.
 */
final class TileBench {
  private static final String MODEL = "mlp:784-1024-1024-1024-1:relu?param=ntk&bias=true&seed=1";
  private static final int SAMPLES = 8192;
  private static final int TILE = 2048;
  private static final int MICRO_BATCH = 512;

  private TileBench() {}

  /**
   * Measures.
   *
   * @param sgemm runs one matrix product of the baseline
   * @param sgemmFlops its operations
   */
  static List<Row> run(Engine engine, Runnable sgemm, double sgemmFlops) {
    Model model = BenchModels.load(MODEL);
    List<String> parameters =
        model.graph().parameters().stream().map(Node.Parameter::name).toList();
    KernelPlan plan =
        KernelPlan.of(model.graph(), new KernelRequest(KernelKind.TRACE, false, parameters));
    List<Panel> panels = new ArrayList<>();
    try (GramKernel kernel = new GramKernel(engine, plan, model.weights(), MICRO_BATCH)) {
      for (int i = 0; i < SAMPLES / TILE; i++) {
        panels.add(kernel.panel(samples(i)));
      }
      HostTensor samples = samples(0);
      double[] seconds =
          Turns.medianSeconds(
              5, List.of(sgemm, () -> tiles(kernel, panels), () -> kernel.panel(samples).close()));
      int count = panels.size() * (panels.size() + 1) / 2;
      double baseline = sgemmFlops / seconds[0] * 1e-9;
      double tiles = plan.tileFlops(TILE, TILE) * count / seconds[1] * 1e-9;
      double pass = plan.networkFlops(MICRO_BATCH) * TILE / seconds[2] * 1e-9;
      return List.of(
          Row.baseline("sgemm 2048 x 2048 x 1024, one thread", baseline, "GFLOP/s"),
          new Row(
              "tiles of 784-1024-1024-1024-1, N = 8192, float",
              tiles,
              "GFLOP/s",
              tiles / baseline,
              "of sgemm"),
          new Row("network pass, forward and back", pass, "GFLOP/s", pass / baseline, "of sgemm"));
    } finally {
      panels.forEach(Panel::close);
    }
  }

  private static void tiles(GramKernel kernel, List<Panel> panels) {
    for (int i = 0; i < panels.size(); i++) {
      for (int j = i; j < panels.size(); j++) {
        kernel.tile(panels.get(i), panels.get(j));
      }
    }
  }

  private static HostTensor samples(int seed) {
    return Workbench.random(seed, Shape.of(TILE, 784));
  }
}
