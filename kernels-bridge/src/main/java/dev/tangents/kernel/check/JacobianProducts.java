package dev.tangents.kernel.check;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.KernelRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Products with the Jacobian J [N O, P] of a network by its parameters over N samples, and with its
 * transpose, on one engine and for one thread. Samples are rows [N, width]: the network's inputs,
 * one behind the other. They run k at a time; a batch of fewer is filled up with its last sample
 * under a cotangent of 0, since a sample of zeros may have no finite derivative.
 */
public final class JacobianProducts implements AutoCloseable {
  private final Engine engine;
  private final JacobianGraphs graphs;
  private final List<DeviceTensor> inputs = new ArrayList<>();

  /** What one graph results in and the other takes: J^T v, or u. */
  private final List<DeviceTensor> directions = new ArrayList<>();

  /** The cotangents [k, O] of one graph, and the result of the other. */
  private final List<DeviceTensor> outputs = new ArrayList<>();

  private final Executable pull;
  private final Executable push;

  /**
   * Prepares both products.
   *
   * @param network of one sample and one real result
   * @param parameters names of those that J is taken by
   * @param samples k
   * @throws TangentsException if the network has several results, a parameter is unknown, or there
   *     is not enough memory
   */
  public JacobianProducts(
      Engine engine, Graph network, List<String> parameters, Weights weights, int samples) {
    this(engine, JacobianGraphs.of(network, parameters, samples), weights);
  }

  /**
   * Prepares both products for a kernel's network and parameters.
   *
   * @param samples k
   * @throws TangentsException as above
   */
  public JacobianProducts(
      Engine engine, Graph network, KernelRequest request, Weights weights, int samples) {
    this(engine, JacobianGraphs.of(network, request, samples), weights);
  }

  JacobianProducts(Engine engine, JacobianGraphs graphs, Weights weights) {
    this.engine = engine;
    this.graphs = graphs;
    this.pull = engine.prepare(graphs.pull(), weights);
    try {
      graphs.inputs().forEach(shape -> inputs.add(engine.allocate(shape)));
      graphs.parameters().forEach(shape -> directions.add(engine.allocate(shape)));
      outputs.add(engine.allocate(Shape.of(graphs.samples(), graphs.outputs())));
      this.push = engine.prepare(graphs.push(), weights);
    } catch (RuntimeException e) {
      pull.close();
      free();
      throw e;
    }
  }

  /** O. */
  public int outputs() {
    return graphs.outputs();
  }

  /** Bytes of engine memory held. */
  public long bytes() {
    long numbers = tensors().mapToLong(tensor -> tensor.shape().size()).sum();
    return pull.bytes() + push.bytes() + numbers * engine.precision().bytes();
  }

  /** Zeros for each parameter, to {@link #accumulate} into. */
  public List<double[]> zeros() {
    return graphs.parameters().stream().map(shape -> new double[shape.intSize()]).toList();
  }

  /**
   * Adds J^T v to a sum, which is held in double whatever the engine's width.
   *
   * @param samples [N, width]
   * @param cotangents v, [N, O]
   * @param sum for each parameter, in the network's order, the numbers of its shape
   * @throws TangentsException if the samples have another width
   */
  public void accumulate(HostTensor samples, double[] cotangents, List<double[]> sum) {
    int rows = rows(samples);
    for (int from = 0; from < rows; from += graphs.samples()) {
      pull(samples, from, cotangents);
      for (int i = 0; i < sum.size(); i++) {
        HostTensor part = directions.get(i).read();
        double[] total = sum.get(i);
        Arrays.setAll(total, j -> total[j] + part.at(j));
      }
    }
  }

  /**
   * J u.
   *
   * @param samples [N, width]
   * @param tangents u: for each parameter, in the network's order, the numbers of its shape
   * @return [N, O]
   * @throws TangentsException if the samples have another width
   */
  public double[] apply(HostTensor samples, List<double[]> tangents) {
    for (int i = 0; i < directions.size(); i++) {
      directions.get(i).write(HostTensor.of(directions.get(i).shape(), tangents.get(i)));
    }
    int rows = rows(samples);
    double[] result = new double[Math.multiplyExact(rows, outputs())];
    for (int from = 0; from < rows; from += graphs.samples()) {
      push(samples, from, result);
    }
    return result;
  }

  /**
   * J_R (J_C^T v) for two sets of at most k samples, without the parameters' numbers leaving the
   * engine.
   *
   * @param rows R, [r, width]
   * @param columns C, [c, width]
   * @param cotangents v, [c, O]
   * @return [r, O]
   * @throws TangentsException if samples have another width or are more than k
   */
  double[] apply(HostTensor rows, HostTensor columns, double[] cotangents) {
    double[] result = new double[fewRows(rows) * outputs()];
    fewRows(columns);
    pull(columns, 0, cotangents);
    push(rows, 0, result);
    return result;
  }

  private void pull(HostTensor samples, int from, double[] cotangents) {
    write(samples, from);
    DeviceTensor target = outputs.get(0);
    double[] padded = new double[target.shape().intSize()];
    int start = from * outputs();
    System.arraycopy(
        cotangents, start, padded, 0, Math.min(padded.length, cotangents.length - start));
    target.write(HostTensor.of(target.shape(), padded));
    pull.run(Stream.concat(inputs.stream(), outputs.stream()).toList(), directions);
  }

  private void push(HostTensor samples, int from, double[] result) {
    write(samples, from);
    push.run(Stream.concat(inputs.stream(), directions.stream()).toList(), outputs);
    double[] batch = outputs.get(0).read().doubles();
    int start = from * outputs();
    System.arraycopy(batch, 0, result, start, Math.min(batch.length, result.length - start));
  }

  /** Puts a batch in place: each input takes its columns of every row. */
  private void write(HostTensor samples, int from) {
    int last = rows(samples) - 1;
    int column = 0;
    for (DeviceTensor input : inputs) {
      int own = input.shape().remove(0).intSize();
      double[] values = new double[input.shape().intSize()];
      for (int n = 0; n < graphs.samples(); n++) {
        int start = Math.min(from + n, last) * graphs.width() + column;
        for (int d = 0; d < own; d++) {
          values[n * own + d] = samples.at(start + d);
        }
      }
      input.write(HostTensor.of(input.shape(), values));
      column += own;
    }
  }

  private int rows(HostTensor samples) {
    long rows = samples.shape().dim(0);
    if (samples.shape().size() != rows * graphs.width()) {
      throw TangentsException.data(
          "Samples: the network takes %d numbers each, got %s", graphs.width(), samples.shape());
    }
    return Math.toIntExact(rows);
  }

  private int fewRows(HostTensor samples) {
    int rows = rows(samples);
    if (rows < 1 || rows > graphs.samples()) {
      throw TangentsException.internal(
          "Jacobian products: expected 1 to %d samples, got %d", graphs.samples(), rows);
    }
    return rows;
  }

  private Stream<DeviceTensor> tensors() {
    return Stream.of(inputs, directions, outputs).flatMap(List::stream);
  }

  @Override
  public void close() {
    pull.close();
    push.close();
    free();
  }

  private void free() {
    tensors().forEach(DeviceTensor::close);
  }
}
