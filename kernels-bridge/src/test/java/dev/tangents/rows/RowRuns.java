package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Runs of passes over three samples in every chunk of lanes and samples, beside runs of one sample
 * by itself.
 */
abstract class RowRuns {
  static final int N = 3;
  static final List<RowSize> SIZES =
      List.of(
          RowSize.ofSamples(3),
          new RowSize(2, 2, 2),
          new RowSize(1, 1, 1),
          new RowSize(2, 3, 4),
          new RowSize(8, 9, 9));

  final Model model = model("mlp:5-6-3:tanh?seed=3");
  final Map<SampleInput, List<double[]>> samples = samples(5, 3);

  static Model model(String spec) {
    return Models.load(
        spec,
        name -> {
          throw new AssertionError("no file is opened for " + name);
        });
  }

  static Map<SampleInput, List<double[]>> samples(int features, int outputs) {
    Random random = new Random(7);
    Map<SampleInput, List<double[]>> samples = new EnumMap<>(SampleInput.class);
    for (SampleInput content : SampleInput.values()) {
      int length =
          switch (content) {
            case FEATURES, OTHER_FEATURES, TANGENT -> features;
            case TARGET, COTANGENT -> outputs;
            case INTEGERS, OTHER_INTEGERS, WEIGHT -> 1;
          };
      List<double[]> rows = new ArrayList<>();
      for (int n = 0; n < N; n++) {
        rows.add(random.doubles(length, -1, 1).toArray());
      }
      samples.put(content, rows);
    }
    return samples;
  }

  List<RowBatch> run(Model of, RowPass pass, Weights weights, RowSize size) {
    return run(of, pass, weights, size, new HostArrays(0));
  }

  List<RowBatch> run(Model of, RowPass pass, Weights weights, RowSize size, HostArrays arrays) {
    List<RowBatch> batches = new ArrayList<>();
    try (ReferenceEngine engine = new ReferenceEngine();
        RowExecutor executor = new RowExecutor(engine, pass, weights, size, Precision.DOUBLE)) {
      for (int from = 0; from < N; from += size.samples()) {
        Map<SampleInput, List<double[]>> batch = new EnumMap<>(SampleInput.class);
        int first = from;
        int to = Math.min(N, from + size.samples());
        samples.forEach((content, rows) -> batch.put(content, rows.subList(first, to)));
        batches.add(executor.run(batch, arrays));
      }
    }
    assertEquals(
        N, batches.stream().mapToInt(b -> b.values().get(0).samples()).sum(), of::toString);
    return batches;
  }

  static List<String> parameters(Model of) {
    return List.copyOf(of.weights().names());
  }

  RowPass pass(Model of, RowRequest... requests) {
    List<RowGraph> graphs = new ArrayList<>();
    for (RowRequest request : requests) {
      graphs.add(RowGraphs.of(of.graph(), parameters(of), request));
    }
    return new RowPass(graphs);
  }

  /** The numbers of the parts that are written, sample by sample, part by part. */
  static List<double[]> written(List<RowBatch> batches, int quantity) {
    List<double[]> rows = new ArrayList<>();
    for (RowBatch batch : batches) {
      RowValues values = batch.values().get(quantity);
      for (int n = 0; n < values.samples(); n++) {
        DoubleStream row = DoubleStream.empty();
        for (int part = 0; part < values.parts().size(); part++) {
          int length = values.parts().get(part).size();
          double[] all = values.values(part).doubles();
          row = DoubleStream.concat(row, Arrays.stream(all, n * length, (n + 1) * length));
        }
        rows.add(row.toArray());
      }
    }
    return rows;
  }

  /** All results of a graph of one sample, one after the other. */
  double[] alone(Model of, Graph graph, int sample, SampleInput... inputs) {
    try (ReferenceEngine engine = new ReferenceEngine()) {
      List<HostTensor> arguments = new ArrayList<>();
      for (int i = 0; i < inputs.length; i++) {
        arguments.add(
            HostTensor.of(
                graph.inputs().get(i).type().shape(), samples.get(inputs[i]).get(sample)));
      }
      return engine.evaluate(graph, of.weights(), arguments).stream()
          .flatMapToDouble(result -> DoubleStream.of(result.doubles()))
          .toArray();
    }
  }

  void assertSame(Model of, Graph expected, RowRequest request, SampleInput... inputs) {
    for (RowSize size : SIZES) {
      List<double[]> rows = written(run(of, pass(of, request), of.weights(), size), 0);
      for (int n = 0; n < N; n++) {
        assertArrayEquals(
            alone(of, expected, n, inputs), rows.get(n), 1e-12, request.quantity() + " " + size);
      }
    }
  }

  static double[] total(List<RowBatch> batches) {
    double[] total = null;
    for (RowBatch batch : batches) {
      double[] part =
          batch.sums().get(0).stream().flatMapToDouble(s -> DoubleStream.of(s.doubles())).toArray();
      double[] before = total;
      total =
          before == null
              ? part
              : IntStream.range(0, part.length).mapToDouble(i -> before[i] + part[i]).toArray();
    }
    return total;
  }
}
