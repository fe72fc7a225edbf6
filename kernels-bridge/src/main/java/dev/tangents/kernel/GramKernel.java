package dev.tangents.kernel;

import static java.util.stream.Collectors.joining;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a {@link KernelPlan} on one engine, for one thread. Every network pass has the same batch
 * size, the last one of a panel padded with zeros, because a matrix product may give other bits at
 * another size: so the factors of a sample do not depend on how many samples its panel has.
 */
public final class GramKernel implements AutoCloseable {
  private final Engine engine;
  private final KernelPlan plan;
  private final int microBatch;
  private final Executable network;

  /** Computes the factors that no sample enters. */
  private final Executable once;

  private final List<DeviceTensor> inputs = new ArrayList<>();
  private final List<DeviceTensor> sampleInputs = new ArrayList<>();
  private final int cotangentInput;
  private final List<DeviceTensor> shared = new ArrayList<>();
  private final List<Factor> perSample;
  private final PreparedTiles tiles;

  /** Memory of a panel that was closed, or nothing. */
  private final List<DeviceTensor> spare = new ArrayList<>();

  private boolean closed;

  /** The pass whose cotangents and shared factors are in place. */
  private int current = -1;

  /**
   * Prepares the network pass.
   *
   * @param microBatch samples in one pass; part of the result's identity, since other sizes may
   *     round otherwise
   */
  public GramKernel(Engine engine, KernelPlan plan, Weights weights, int microBatch) {
    this.engine = engine;
    this.plan = plan;
    this.microBatch = microBatch;
    this.tiles = new PreparedTiles(engine, plan);
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
    List<String> names = graph.inputs().stream().map(Node.Input::name).toList();
    this.cotangentInput = names.indexOf(TermFinder.COTANGENT);
    this.network = engine.prepare(graph.withOutputs(varying), weights);
    Executable rest = null;
    try {
      for (Node.Input input : graph.inputs()) {
        DeviceTensor tensor = engine.allocate(input.type().shape());
        inputs.add(tensor);
        if (!input.name().equals(TermFinder.COTANGENT)) {
          sampleInputs.add(tensor);
        }
      }
      Graph sharing = graph.withOutputs(constant);
      sharing.outputTypes().forEach(type -> shared.add(engine.allocate(type.shape())));
      rest = engine.prepare(sharing, weights);
      this.once = rest;
      select(0);
    } catch (RuntimeException e) {
      if (rest != null) {
        rest.close();
      }
      free();
      throw e;
    }
  }

  /** Puts the cotangents of a pass in place, and computes the factors that no sample enters. */
  private void select(int pass) {
    if (pass == current || (current == 0 && cotangentInput < 0)) {
      return;
    }
    current = -1;
    if (cotangentInput >= 0) {
      int outputs = Math.toIntExact(plan.outputs());
      int lanes = Math.toIntExact(plan.lanes());
      float[] basis = new float[Math.multiplyExact(lanes, outputs)];
      int from = pass * lanes;
      for (int lane = 0; lane < Math.min(lanes, outputs - from); lane++) {
        basis[lane * outputs + from + lane] = 1; // lanes beyond O stay zero, and add nothing
      }
      inputs.get(cotangentInput).write(HostTensor.of(inputs.get(cotangentInput).shape(), basis));
    }
    if (!shared.isEmpty()) {
      sampleInputs.forEach(input -> input.write(zeros(input.shape())));
      once.run(inputs, shared);
    }
    current = pass;
  }

  /** The plan that this runs. */
  public KernelPlan plan() {
    return plan;
  }

  /** Bytes of a panel of {@code rows} samples. */
  public long panelBytes(long rows) {
    return padded(rows) * plan.factorNumbers() * engine.precision().bytes();
  }

  /** A bound on the bytes that tiles in some arithmetics keep beside a panel's. */
  public long packedBytes(long rows, Set<Arithmetic> arithmetics) {
    long bytes = 0;
    for (Factor factor : perSample) {
      if (factor.positions() == 1) { // others go into products that are no tile's
        int inner = factor.shape(1, plan.lanes()).intSize();
        for (Arithmetic arithmetic : arithmetics) {
          bytes += engine.packedBytes(padded(rows), inner, arithmetic);
        }
      }
    }
    return bytes;
  }

  /** The factors of samples in a plan of one pass. */
  public Panel panel(HostTensor samples) {
    return panel(samples, 0);
  }

  /**
   * Runs the network on samples and keeps their factors.
   *
   * @param pass which of the plan's passes, from 0 on
   * @param samples [rows, D...]: the rows of the network's inputs, one input behind the other
   * @throws TangentsException if their width is not the network's
   */
  public Panel panel(HostTensor samples, int pass) {
    long rows = samples.shape().dim(0);
    long width = sampleInputs.stream().mapToLong(input -> input.shape().remove(0).size()).sum();
    if (samples.shape().size() != rows * width) {
      throw TangentsException.data(
          "Features: the model takes %d numbers a sample %s, got %s",
          width,
          sampleInputs.stream()
              .map(input -> input.shape().remove(0).toString())
              .collect(joining(" ")),
          samples.shape());
    }
    select(pass);
    List<DeviceTensor> owned = new ArrayList<>();
    try {
      take(padded(rows), owned);
      for (long from = 0; from < rows; from += microBatch) {
        long start = from;
        write(samples, (int) from);
        network.run(
            inputs, owned.stream().map(tensor -> tensor.rows(start, start + microBatch)).toList());
      }
      return new Panel(rows, pass, owned, panelBytes(rows), () -> giveBack(owned));
    } catch (RuntimeException e) {
      owned.forEach(DeviceTensor::close);
      throw e;
    }
  }

  /**
   * The factors of samples that {@link Panel#read} had handed out.
   *
   * @param rows number of samples
   * @param pass which of the plan's passes they are of
   * @param source gives the next numbers, of the shape that it is asked for
   */
  public Panel restore(long rows, int pass, Function<Shape, HostTensor> source) {
    return filled(rows, pass, chunk -> chunk.write(source.apply(chunk.shape())));
  }

  /**
   * A copy of a panel that another kernel of the same plan has made, on an engine that this one
   * {@link Engine#shares} memory with.
   *
   * @param other whole, and not closed before this returns
   */
  public Panel copy(Panel other) {
    Iterator<DeviceTensor> parts = other.chunks().iterator();
    try {
      return filled(other.rows(), other.pass(), chunk -> chunk.copy(parts.next()));
    } finally {
      engine.synchronise(); // the other may go from here on, whole or not
    }
  }

  /** A panel whose factors are written some rows at a time. */
  private Panel filled(long rows, int pass, Consumer<DeviceTensor> fill) {
    List<DeviceTensor> owned = new ArrayList<>();
    try {
      take(padded(rows), owned);
      owned.forEach(factor -> Panel.chunks(factor.rows(0, rows), fill));
      return new Panel(rows, pass, owned, panelBytes(rows), () -> giveBack(owned));
    } catch (RuntimeException e) {
      owned.forEach(DeviceTensor::close);
      throw e;
    }
  }

  /** Memory for the factors of so many samples: that of the panel closed last, or new. */
  private void take(long padded, List<DeviceTensor> owned) {
    boolean fits = !spare.isEmpty() && spare.get(0).shape().dim(0) == padded;
    if (fits) {
      owned.addAll(spare);
    } else {
      spare.forEach(DeviceTensor::close);
    }
    spare.clear();
    if (!fits) {
      for (Factor factor : perSample) {
        owned.add(engine.allocate(factor.shape(padded, plan.lanes())));
      }
    }
  }

  /** Keeps a closed panel's memory for the next one: new pages cost as much as filling them. */
  private void giveBack(List<DeviceTensor> owned) {
    if (closed || !spare.isEmpty()) {
      owned.forEach(DeviceTensor::close);
    } else {
      spare.addAll(owned);
    }
  }

  /**
   * The kernel of every sample of one panel with every sample of another, or the share of it that
   * one pass forms.
   *
   * @param rows a panel
   * @param columns a panel of the same pass
   * @return valid until the next call
   */
  public TileResult tile(Panel rows, Panel columns) {
    return tile(rows, columns, Arithmetic.STRICT);
  }

  /**
   * The kernel of one panel with another, its products of floats formed in an arithmetic; those of
   * the network are always strict.
   *
   * @throws TangentsException of category SETUP if the engine has no such arithmetic
   */
  public TileResult tile(Panel rows, Panel columns, Arithmetic arithmetic) {
    if (rows.pass() != columns.pass()) {
      throw TangentsException.internal(
          "Kernel: panels of passes %d and %d", rows.pass(), columns.pass());
    }
    select(rows.pass());
    return tiles
        .rectangle(rows.rows(), columns.rows(), arithmetic)
        .run(rows.factors(), columns.factors(), shared);
  }

  /**
   * The kernel of a panel with itself, on the heap; one half is formed, in strips, and the other
   * mirrored, where that is worth it.
   *
   * @return valid until the next call
   */
  public TileShare diagonal(Panel panel, Arithmetic arithmetic) {
    Optional<TriangleTile> triangle = tiles.triangle(panel.rows(), arithmetic);
    if (triangle.isEmpty()) {
      return tile(panel, panel, arithmetic);
    }
    select(panel.pass());
    return triangle.get().run(panel.factors(), shared);
  }

  /**
   * Prepares tiles of {@code n} x {@code m} and checks that there is memory for their panels: a run
   * that does not fit fails here, before it has written anything.
   *
   * @param cache bytes of further panels that may be held
   * @param tasks kernels like this one that share the process's memory
   * @param arithmetics that tiles will be asked for in
   * @param diagonal whether tiles of a panel with itself will be asked for
   * @throws TangentsException of category RESOURCE if there is not enough memory
   */
  public void rehearse(
      long n, long m, long cache, int tasks, Set<Arithmetic> arithmetics, boolean diagonal) {
    for (Arithmetic arithmetic : arithmetics) {
      tiles.rectangle(n, m, arithmetic);
      if (diagonal) {
        tiles.triangle(n, arithmetic);
      }
    }
    long prepared = bytes();
    double packed = (double) packedBytes(n, arithmetics) / panelBytes(n);
    long panels = (long) ((panelBytes(n) + panelBytes(m) + cache) * (1 + packed));
    // The others may have prepared theirs already; then they count twice.
    engine.require(
        Math.addExact(Math.multiplyExact(panels, (long) tasks), (tasks - 1) * prepared),
        "Panels of " + tasks + " tasks");
  }

  /** Bytes of engine memory held, panels and samples left out. */
  public long bytes() {
    return network.bytes() + once.bytes() + tiles.bytes();
  }

  /** Nanoseconds that tiles have spent on each parameter's share, by name. */
  public Map<String, Long> tileNanos() {
    return tiles.nanos();
  }

  @Override
  public void close() {
    once.close();
    free();
  }

  private void free() {
    closed = true;
    spare.forEach(DeviceTensor::close);
    spare.clear();
    tiles.close();
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
    for (DeviceTensor input : sampleInputs) {
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
