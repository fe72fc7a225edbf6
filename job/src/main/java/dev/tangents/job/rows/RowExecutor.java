package dev.tangents.job.rows;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import dev.tangents.job.rows.RowGraph.Lanes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a {@link RowGraph} on one engine, for one thread. Every run has the same number of samples
 * and of lanes, the last ones padded with zeros, because a matrix product may give other bits at
 * another size.
 */
public final class RowExecutor implements AutoCloseable {
  private final RowGraph rows;
  private final RowSize size;
  private final Precision precision;
  private final Executable executable;
  private final Map<String, DeviceTensor> inputs = new LinkedHashMap<>();
  private final List<DeviceTensor> results = new ArrayList<>();

  /**
   * Prepares the graph.
   *
   * @param precision width of the records
   */
  public RowExecutor(
      Engine engine, RowGraph rows, Weights weights, RowSize size, Precision precision) {
    this.rows = rows;
    this.size = size;
    this.precision = precision;
    Graph graph = rows.over(size);
    this.executable = engine.prepare(graph, weights);
    for (Node.Input input : graph.inputs()) {
      inputs.put(input.name(), engine.allocate(input.type().shape()));
    }
    for (TensorType type : graph.outputTypes()) {
      results.add(engine.allocate(type.shape()));
    }
  }

  /** Most samples of a call. */
  public int microBatch() {
    return size.samples();
  }

  /** Bytes of engine memory held. */
  public long bytes() {
    return executable.bytes();
  }

  /**
   * The records of some samples.
   *
   * @param samples for each of the graph's sample inputs the rows of at most {@link #microBatch}
   *     samples
   */
  public RowValues run(List<List<double[]>> samples) {
    for (int i = 0; i < samples.size(); i++) {
      write(inputs.get(rows.samples().get(i)), samples.get(i));
    }
    RowValues values = new RowValues(rows.parts(), samples.get(0).size(), precision);
    for (int outer = 0; outer < rows.outer().count(); outer += size.outer()) {
      seed(rows.outer(), outer, size.outer());
      for (int inner = 0; inner < rows.inner().count(); inner += size.inner()) {
        seed(rows.inner(), inner, size.inner());
        executable.run(List.copyOf(inputs.values()), results);
        RowValues.Window window =
            new RowValues.Window(
                outer,
                Math.min(size.outer(), rows.outer().count() - outer),
                inner,
                Math.min(size.inner(), rows.inner().count() - inner));
        for (int part = 0; part < results.size(); part++) {
          values.put(part, results.get(part).read(), size, window);
        }
      }
    }
    return values;
  }

  private static void write(DeviceTensor input, List<double[]> samples) {
    Shape shape = input.shape();
    double[] padded = new double[shape.intSize()];
    int at = 0;
    for (double[] sample : samples) {
      System.arraycopy(sample, 0, padded, at, sample.length);
      at += sample.length;
    }
    input.write(HostTensor.of(shape, padded));
  }

  /** Writes a chunk of unit vectors, unless they all are a constant of the graph. */
  private void seed(Lanes lanes, int from, int chunk) {
    DeviceTensor input = inputs.get(lanes.input());
    if (input != null) {
      input.write(HostTensor.of(input.shape(), RowGraph.units(lanes.count(), from, chunk)));
    }
  }

  @Override
  public void close() {
    executable.close();
    inputs.values().forEach(DeviceTensor::close);
    results.forEach(DeviceTensor::close);
  }
}
