package dev.tangents.job.bench;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** What one benchmark prepares and allocates, freed together. */
final class Workbench implements AutoCloseable {
  private final Engine engine;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  Workbench(Engine engine) {
    this.engine = engine;
  }

  /**
   * Work whose results can be read.
   *
   * @param work computes once
   * @param outputs where the results are
   */
  record Prepared(Runnable work, List<DeviceTensor> outputs) implements Runnable {
    @Override
    public void run() {
      work.run();
    }

    /** The numbers of result {@code index} of the last run. */
    double[] result(int index) {
      return outputs.get(index).read().doubles();
    }
  }

  /** Prepares a graph on {@code inputs}. */
  Prepared prepare(Graph graph, Weights weights, HostTensor... inputs) {
    Executable executable = prepared(graph, weights);
    List<DeviceTensor> in = new ArrayList<>();
    for (HostTensor input : inputs) {
      in.add(tensor(input));
    }
    List<DeviceTensor> out =
        graph.outputTypes().stream().map(type -> allocate(type.shape())).toList();
    return new Prepared(() -> executable.run(in, out), out);
  }

  /**
   * Prepares the graph of one sample and runs it on each row of {@code inputs}; the results are
   * [rows, ...].
   */
  Prepared loop(Graph graph, Weights weights, HostTensor inputs) {
    Executable executable = prepared(graph, weights);
    Shape one = graph.inputs().get(0).type().shape();
    DeviceTensor in = tensor(inputs);
    int rows = (int) inputs.shape().dim(0);
    List<DeviceTensor> out = new ArrayList<>();
    for (TensorType type : graph.outputTypes()) {
      out.add(allocate(type.shape().insert(0, rows)));
    }
    List<List<DeviceTensor>> arguments = new ArrayList<>();
    List<List<DeviceTensor>> results = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int at = row;
      arguments.add(List.of(in.rows(at, at + 1).reshape(one)));
      results.add(
          out.stream().map(all -> all.rows(at, at + 1).reshape(all.shape().remove(0))).toList());
    }
    Runnable work =
        () -> {
          for (int row = 0; row < rows; row++) {
            executable.run(arguments.get(row), results.get(row));
          }
        };
    return new Prepared(work, out);
  }

  /** Prepares a graph whose arguments and results the caller places. */
  Executable prepared(Graph graph, Weights weights) {
    return own(engine.prepare(graph, weights));
  }

  /** Memory that holds {@code values}. */
  DeviceTensor tensor(HostTensor values) {
    DeviceTensor tensor = allocate(values.shape());
    tensor.write(values);
    return tensor;
  }

  /** Memory for a tensor. */
  DeviceTensor allocate(Shape shape) {
    return own(engine.allocate(shape));
  }

  /** Frees a thing with the rest. */
  <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  /** Numbers between -1 and 1, the same in every run. */
  static HostTensor random(long... dims) {
    return random(1, Shape.of(dims));
  }

  /** Numbers between -1 and 1 that depend on the seed alone. */
  static HostTensor random(int seed, Shape shape) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[shape.intSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return HostTensor.of(shape, values);
  }

  @Override
  public void close() {
    for (AutoCloseable resource : owned) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("Closing a benchmark's memory failed", e);
      }
    }
  }
}
