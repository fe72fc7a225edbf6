package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.rows.RowRequest.LossRequest;
import dev.tangents.transform.Bind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A network of token ids and real numbers: every quantity is that of the network of the real ones
 * which has a sample's ids built in.
 */
class MixedInputsTest {
  private static final int N = 3;
  private static final int TOKENS = 4;
  private static final int OUTPUTS = 3;

  private final Map<SampleInput, List<double[]>> samples = samples();

  static Stream<RowRequest> requests() {
    LossRequest loss = LossRequest.of(LossKind.MSE);
    List<Direction> v = List.of(Direction.ofEachSample("tangent"));
    List<Direction> w = List.of(Direction.ofEachSample("cotangent"));
    return Stream.of(
        RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.FORWARD),
        RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.REVERSE),
        RowRequest.of(Quantity.HESSIAN).withOrder(Order.FORWARD_OVER_REVERSE),
        RowRequest.of(Quantity.HESSIAN).withOrder(Order.REVERSE_OVER_REVERSE),
        RowRequest.of(Quantity.HESSIAN).withOrder(Order.FORWARD_OVER_FORWARD),
        RowRequest.of(Quantity.HESSIAN_DIAGONAL),
        RowRequest.of(Quantity.LAPLACIAN),
        RowRequest.of(Quantity.JVP).withDirections(v, List.of()),
        RowRequest.of(Quantity.VJP).withDirections(List.of(), w),
        RowRequest.of(Quantity.HVP).withDirections(v, List.of()),
        RowRequest.of(Quantity.HVP).withDirections(v, w),
        RowRequest.of(Quantity.PARAMETER_JACOBIAN),
        RowRequest.of(Quantity.PROJECTED_JACOBIAN).withProjection(5, 1),
        RowRequest.of(Quantity.PER_SAMPLE_GRADIENTS).withLoss(loss),
        RowRequest.of(Quantity.GRADIENT_NORMS).withLoss(loss));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void integersAreConstantsOfEachSample(RowRequest request) throws Exception {
    Model model =
        Models.load(
            Path.of(getClass().getResource("/onnx/masked-torchscript.onnx").toURI()).toString(),
            LocalFile::at);
    for (RowSize size : List.of(new RowSize(2, 2, 2), RowSize.ofSamples(4))) {
      List<double[]> found = run(model, model.graph(), request, size, 0, N);
      for (int n = 0; n < N; n++) {
        Literal ids =
            Literal.of(model.graph().input("ids").type(), samples.get(SampleInput.INTEGERS).get(n));
        Graph fixed = Bind.constant(model.graph(), "ids", ids);
        assertEquals(1, fixed.inputs().size());
        assertArrayEquals(
            run(model, fixed, request, size, n, n + 1).get(0),
            found.get(n),
            1e-12,
            request + " " + size + " sample " + n);
      }
    }
  }

  private List<double[]> run(
      Model model, Graph network, RowRequest request, RowSize size, int from, int to) {
    RowPass pass =
        new RowPass(List.of(RowGraphs.of(network, List.copyOf(model.weights().names()), request)));
    List<RowBatch> batches = new ArrayList<>();
    try (ReferenceEngine engine = new ReferenceEngine();
        RowExecutor executor =
            new RowExecutor(engine, pass, model.weights(), size, Precision.DOUBLE)) {
      for (int first = from; first < to; first += size.samples()) {
        Map<SampleInput, List<double[]>> batch = new EnumMap<>(SampleInput.class);
        int start = first;
        int end = Math.min(to, first + size.samples());
        samples.forEach((content, rows) -> batch.put(content, rows.subList(start, end)));
        batches.add(executor.run(batch, new HostArrays(0)));
      }
    }
    return RowRuns.written(batches, 0);
  }

  private static Map<SampleInput, List<double[]>> samples() {
    Random random = new Random(5);
    Map<SampleInput, List<double[]>> samples = new EnumMap<>(SampleInput.class);
    for (SampleInput content : SampleInput.values()) {
      List<double[]> rows = new ArrayList<>();
      for (int n = 0; n < N; n++) {
        rows.add(
            switch (content) {
              case FEATURES, OTHER_FEATURES -> random.doubles(TOKENS, 0.1, 1).toArray();
              case INTEGERS, OTHER_INTEGERS ->
                  random.ints(TOKENS, 0, 11).asDoubleStream().toArray();
              case TANGENT -> random.doubles(TOKENS, -1, 1).toArray();
              case TARGET, COTANGENT -> random.doubles(OUTPUTS, -1, 1).toArray();
              case WEIGHT -> new double[] {1};
            });
      }
      samples.put(content, rows);
    }
    return samples;
  }
}
