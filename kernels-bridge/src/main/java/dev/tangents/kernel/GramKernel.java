package dev.tangents.kernel;

import static java.util.stream.Collectors.joining;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.FactorGraph.Factor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a {@link KernelPlan} on one engine, for one thread. Every network pass has the same batch
 * size, the last one of a panel padded with zeros, because a matrix product may give other bits at
 * another size: so the factors of a sample do not depend on how many samples its panel has.
 */
public final class GramKernel implements AutoCloseable {
  /** Full tiles, the last row, the last column, the last corner. */
  private static final int TILE_SHAPES = 4;

  private final Engine engine;
  private final KernelPlan plan;
  private final Weights weights;
  private final int microBatch;
  private final Executable network;
  private final List<DeviceTensor> inputs = new ArrayList<>();
  private final List<DeviceTensor> shared = new ArrayList<>();
  private final List<Factor> perSample;
  private final Map<Shape, StripedTile> tiles = new LinkedHashMap<>();

  /**
   * Prepares the network pass.
   *
   * @param microBatch samples in one pass; part of the result's identity, since other sizes may
   *     round otherwise
   */
  public GramKernel(Engine engine, KernelPlan plan, Weights weights, int microBatch) {
    this.engine = engine;
    this.plan = plan;
    this.weights = weights;
    this.microBatch = microBatch;
    this.perSample = plan.factors().stream().filter(Factor::perSample).toList();
    Graph graph = plan.factorGraph(microBatch);
    List<Integer> varying = new ArrayList<>();
    List<Integer> constant = new ArrayList<>();
    for (int i = 0; i < plan.factors().size(); i++) {
      Factor factor = plan.factors().get(i);
      if (factor.perSample()) {
        varying.add(graph.outputs().get(i));
      } else if (factor.constant().isEmpty()) {
        constant.add(graph.outputs().get(i));
      }
    }
    this.network = engine.prepare(graph.withOutputs(varying), weights);
    try {
      for (Node.Input input : graph.inputs()) {
        inputs.add(engine.allocate(input.type().shape()));
      }
      share(graph.withOutputs(constant));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Computes the factors that no sample enters, once. */
  private void share(Graph graph) {
    if (graph.outputs().isEmpty()) {
      return;
    }
    inputs.forEach(input -> input.write(zeros(input.shape())));
    graph.outputTypes().forEach(type -> shared.add(engine.allocate(type.shape())));
    try (Executable once = engine.prepare(graph, weights)) {
      once.run(inputs, shared);
    }
  }

  /** The plan that this runs. */
  public KernelPlan plan() {
    return plan;
  }

  /** Bytes of a panel of {@code rows} samples. */
  public long panelBytes(long rows) {
    return padded(rows) * plan.factorNumbers() * engine.precision().bytes();
  }

  /**
   * Runs the network on samples and keeps their factors.
   *
   * @param samples [rows, D...]: the rows of the network's inputs, one input behind the other
   * @throws TangentsException if their width is not the network's
   */
  public Panel panel(HostTensor samples) {
    long rows = samples.shape().dim(0);
    long width = inputs.stream().mapToLong(input -> input.shape().remove(0).size()).sum();
    if (samples.shape().size() != rows * width) {
      throw TangentsException.data(
          "Features: the model takes %d numbers a sample %s, got %s",
          width,
          inputs.stream().map(input -> input.shape().remove(0).toString()).collect(joining(" ")),
          samples.shape());
    }
    List<DeviceTensor> owned = new ArrayList<>();
    try {
      for (Factor factor : perSample) {
        owned.add(engine.allocate(factor.shape(padded(rows), plan.outputs())));
      }
      for (long from = 0; from < rows; from += microBatch) {
        long start = from;
        write(samples, (int) from);
        network.run(
            inputs, owned.stream().map(tensor -> tensor.rows(start, start + microBatch)).toList());
      }
      return new Panel(rows, owned, panelBytes(rows));
    } catch (RuntimeException e) {
      owned.forEach(DeviceTensor::close);
      throw e;
    }
  }

  /**
   * The kernel of every sample of one panel with every sample of another.
   *
   * @return valid until the next call
   */
  public TileResult tile(Panel rows, Panel columns) {
    return tile(rows.rows(), columns.rows()).run(rows.factors(), columns.factors(), shared);
  }

  /**
   * Takes the memory of a tile of {@code n} x {@code m} and of its two panels, and gives the
   * panels' back: a run that does not fit fails here, before it has written anything.
   *
   * @throws TangentsException of category RESOURCE if there is not enough memory
   */
  public void rehearse(long n, long m) {
    tile(n, m);
    List<DeviceTensor> held = new ArrayList<>();
    try {
      for (long rows : List.of(n, m)) {
        for (Factor factor : perSample) {
          held.add(engine.allocate(factor.shape(padded(rows), plan.outputs())));
        }
      }
    } finally {
      held.forEach(DeviceTensor::close);
    }
  }

  private StripedTile tile(long n, long m) {
    Shape key = Shape.of(n, m);
    StripedTile known = tiles.get(key);
    if (known == null) {
      if (tiles.size() == TILE_SHAPES) {
        Shape oldest = tiles.keySet().iterator().next();
        tiles.remove(oldest).close();
      }
      known = new StripedTile(engine, plan, n, m);
      tiles.put(key, known);
    }
    return known;
  }

  @Override
  public void close() {
    tiles.values().forEach(StripedTile::close);
    tiles.clear();
    network.close();
    inputs.forEach(DeviceTensor::close);
    shared.forEach(DeviceTensor::close);
  }

  private long padded(long rows) {
    return (rows + microBatch - 1) / microBatch * microBatch;
  }

  /** Writes the samples from {@code from} on; each input takes its columns of every row. */
  private void write(HostTensor samples, int from) {
    int column = 0;
    for (DeviceTensor input : inputs) {
      input.write(columns(samples, from, column, input.shape()));
      column += input.shape().remove(0).intSize();
    }
  }

  /** Columns from {@code first} on of a micro-batch of rows, zeros behind the last row. */
  private HostTensor columns(HostTensor samples, int from, int first, Shape shape) {
    boolean narrow = samples.precision() == Precision.FLOAT;
    int length = shape.intSize();
    int own = length / microBatch;
    int rows = (int) samples.shape().dim(0);
    int width = samples.shape().intSize() / rows;
    float[] floats = new float[narrow ? length : 0];
    double[] doubles = new double[narrow ? 0 : length];
    Object source = narrow ? samples.floats() : samples.doubles();
    Object target = narrow ? floats : doubles;
    for (int n = 0; n < Math.min(microBatch, rows - from); n++) {
      System.arraycopy(source, (from + n) * width + first, target, n * own, own);
    }
    return narrow ? HostTensor.of(shape, floats) : HostTensor.of(shape, doubles);
  }

  private static HostTensor zeros(Shape shape) {
    return HostTensor.of(shape, new float[shape.intSize()]);
  }
}
