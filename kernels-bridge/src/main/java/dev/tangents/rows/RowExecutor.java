package dev.tangents.rows;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a {@link RowPass} on one engine, for one thread. Every run has the same number of samples
 * and of lanes, because a matrix product may give other bits at another size: a short batch is
 * padded with its last sample, of weight zero, and lanes with zeros.
 */
public final class RowExecutor implements AutoCloseable {
  private final RowPass pass;
  private final RowSize size;
  private final Precision precision;
  private final Executable executable;
  private final Map<String, DeviceTensor> inputs = new LinkedHashMap<>();
  private final List<DeviceTensor> results = new ArrayList<>();

  /**
   * Prepares the graph.
   *
   * @param precision width of the records
   * @throws dev.tangents.error.TangentsException of category RESOURCE if it does not fit
   */
  public RowExecutor(
      Engine engine, RowPass pass, Weights weights, RowSize size, Precision precision) {
    this.pass = pass;
    this.size = size;
    this.precision = precision;
    Graph graph = pass.over(size);
    this.executable = engine.prepare(graph, weights);
    try {
      for (Node.Input input : graph.inputs()) {
        inputs.put(input.name(), engine.allocate(input.type().shape()));
      }
      for (TensorType type : graph.outputTypes()) {
        results.add(engine.allocate(type.shape()));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Bytes of engine memory held. */
  public long bytes() {
    return executable.bytes();
  }

  /**
   * The records and sums of some samples.
   *
   * @param samples the rows, at most as many as a micro-batch has, of each thing that the pass
   *     takes of a sample; without {@link SampleInput#WEIGHT} every weight is one
   * @param arrays what is made lies in, and may be {@linkplain RowBatch#giveBack given back} to
   */
  public RowBatch run(Map<SampleInput, List<double[]>> samples, HostArrays arrays) {
    int count = samples.get(SampleInput.FEATURES).size();
    pass.inputs()
        .forEach(
            (name, content) -> {
              boolean weight = content == SampleInput.WEIGHT;
              if (inputs.containsKey(name)) { // else nothing depends on it
                List<double[]> rows = samples.get(content);
                write(inputs.get(name), rows == null ? ones(count) : rows, !weight);
              }
            });
    List<RowValues> values =
        pass.graphs().stream().map(g -> new RowValues(rowParts(g), count, precision)).toList();
    List<List<HostTensor>> sums = new ArrayList<>();
    for (int outer = 0; outer < pass.outer().count(); outer += size.outer(pass.outer())) {
      seed(pass.outer(), outer, size.outer(pass.outer()));
      for (int inner = 0; inner < pass.inner().count(); inner += size.inner(pass.inner())) {
        seed(pass.inner(), inner, size.inner(pass.inner()));
        executable.run(List.copyOf(inputs.values()), results);
        Iterator<DeviceTensor> next = results.iterator();
        for (int g = 0; g < values.size(); g++) {
          RowGraph graph = pass.graphs().get(g);
          sums.add(take(graph, next, values.get(g), window(graph, outer, inner), arrays));
        }
      }
    }
    return new RowBatch(values, sums);
  }

  /** Reads the results of one quantity: records to their places, sums as they are. */
  private List<HostTensor> take(
      RowGraph graph,
      Iterator<DeviceTensor> next,
      RowValues values,
      RowValues.Window window,
      HostArrays arrays) {
    List<HostTensor> sums = new ArrayList<>();
    int row = 0;
    for (Part part : graph.parts()) {
      DeviceTensor result = next.next();
      if (part.summed()) {
        sums.add(result.read(arrays));
      } else {
        values.put(row++, first(values.samples(), result).read(arrays), window, arrays);
      }
    }
    return sums;
  }

  /** The numbers of the samples; those behind are of what a short batch was padded with. */
  private static DeviceTensor first(int samples, DeviceTensor result) {
    return samples == result.shape().dim(0) ? result : result.rows(0, samples);
  }

  private RowValues.Window window(RowGraph graph, int outer, int inner) {
    int outerChunk = size.outer(graph.outer());
    int innerChunk = size.inner(graph.inner());
    return new RowValues.Window(
        outer,
        Math.min(outerChunk, graph.outer().count() - outer),
        outerChunk,
        inner,
        Math.min(innerChunk, graph.inner().count() - inner),
        innerChunk);
  }

  private static List<Part> rowParts(RowGraph graph) {
    return graph.parts().stream().filter(part -> !part.summed()).toList();
  }

  private static List<double[]> ones(int count) {
    return Collections.nCopies(count, new double[] {1});
  }

  /** Writes the rows and behind them copies of the last, or zeros. */
  private void write(DeviceTensor input, List<double[]> rows, boolean repeat) {
    Shape shape = input.shape();
    int count = shape.rank() == 0 ? 1 : Math.toIntExact(shape.dim(0));
    int length = shape.intSize() / count;
    HostTensor padded = HostTensor.zeros(shape, precision);
    int used = repeat ? count : rows.size();
    for (int n = 0; n < used; n++) {
      double[] row = rows.get(Math.min(n, rows.size() - 1));
      if (precision == Precision.FLOAT) {
        narrow(row, padded.floats(), n * length, length);
      } else {
        System.arraycopy(row, 0, padded.doubles(), n * length, length);
      }
    }
    input.write(padded);
  }

  private static void narrow(double[] row, float[] target, int at, int length) {
    for (int i = 0; i < length; i++) {
      target[at + i] = (float) row[i];
    }
  }

  /** Writes a chunk of unit vectors, unless they all are a constant of the graph. */
  private void seed(Lanes lanes, int from, int chunk) {
    DeviceTensor input = inputs.get(lanes.input());
    if (input != null) {
      input.write(HostTensor.of(input.shape(), lanes.units(from, chunk)));
    }
  }

  @Override
  public void close() {
    executable.close();
    inputs.values().forEach(DeviceTensor::close);
    results.forEach(DeviceTensor::close);
  }
}
