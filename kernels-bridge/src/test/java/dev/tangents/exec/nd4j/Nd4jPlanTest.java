package dev.tangents.exec.nd4j;

import static dev.tangents.testkit.Vectors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Memory that is used twice must never hold a value that is still needed. */
class Nd4jPlanTest {
  @Property(tries = 400)
  void randomGraphsGiveTheReferencesNumbers(@ForAll long seed) {
    RandomGraphs.Drawn drawn = RandomGraphs.of(seed);
    List<double[]> expected = Runs.reference(drawn.graph(), drawn.weights(), drawn.inputs());
    try (Nd4jEngine engine = new Nd4jEngine(Precision.DOUBLE)) {
      assertClose(
          expected,
          Runs.on(engine, drawn.graph(), drawn.weights(), drawn.inputs()),
          1e-11,
          "seed " + seed);
      assertEquals(0, engine.liveBytes());
    }
  }

  @Property(tries = 100)
  void aSecondRunWithOtherTensorsGivesTheSameBits(@ForAll long seed) {
    RandomGraphs.Drawn drawn = RandomGraphs.of(seed);
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT);
        Executable executable = engine.prepare(drawn.graph(), drawn.weights())) {
      List<float[]> first = run(engine, executable, drawn);
      List<float[]> second = run(engine, executable, drawn);
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(first.get(i), second.get(i));
      }
    }
  }

  private static List<float[]> run(
      Nd4jEngine engine, Executable executable, RandomGraphs.Drawn drawn) {
    Graph graph = drawn.graph();
    List<DeviceTensor> in = new ArrayList<>();
    List<DeviceTensor> out = new ArrayList<>();
    for (Node.Input input : graph.inputs()) {
      DeviceTensor tensor = engine.allocate(input.type().shape());
      tensor.write(HostTensor.of(input.type().shape(), drawn.inputs().get(in.size())));
      in.add(tensor);
    }
    for (TensorType type : graph.outputTypes()) {
      out.add(engine.allocate(type.shape()));
    }
    executable.run(in, out);
    List<float[]> results = out.stream().map(tensor -> tensor.read().floats()).toList();
    in.forEach(DeviceTensor::close);
    out.forEach(DeviceTensor::close);
    return results;
  }
}
