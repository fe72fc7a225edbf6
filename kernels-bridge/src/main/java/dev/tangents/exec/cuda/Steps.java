package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.cuda.code.Kernel;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.op.linalg.MatMul;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the step of each node that has one, and gathers the kernels that the steps launch. */
final class Steps {
  private final Graph graph;
  private final Fusion fusion;
  private final CudaLowerings lowerings;
  private final Gpu gpu;
  private final Arithmetic arithmetic;
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Gpu.Program> programs = new ArrayList<>();
  private final List<Packing> packings = new ArrayList<>();

  /** Slot in which row numbers that are in no table are reported, behind those of the nodes. */
  private final int complaints;

  private boolean complaining;

  Steps(Graph graph, Fusion fusion, CudaLowerings lowerings, Gpu gpu, Arithmetic arithmetic) {
    this.graph = graph;
    this.fusion = fusion;
    this.lowerings = lowerings;
    this.gpu = gpu;
    this.arithmetic = arithmetic;
    this.complaints = graph.nodes().size();
  }

  /** The kernels of all steps made so far. */
  List<Kernel> kernels() {
    return List.copyOf(kernels);
  }

  /** The programs of single steps, to be closed with the plan. */
  List<Gpu.Program> programs() {
    return List.copyOf(programs);
  }

  /** Inputs that steps read in their packed form, in slots behind that of complaints. */
  List<Packing> packings() {
    return List.copyOf(packings);
  }

  /** Slots of nodes, of complaints and of packed inputs. */
  int slots() {
    return complaints + 1 + packings.size();
  }

  /** Whether a step may find a row number that is in no table. */
  boolean complaining() {
    return complaining;
  }

  /** The slot of complaints. */
  int complaints() {
    return complaints;
  }

  /** The step of a node. */
  Step step(Node.Apply node) {
    Optional<Tiles.Tile> tile = fusion.tiles().at(node.id());
    if (tile.isPresent()) {
      return tile(tile.get(), node);
    }
    return node.primitive() instanceof MatMul matMul && !fusion.isPull(node)
        ? product(matMul, node)
        : kernel(node);
  }

  /**
   * A tile's program is its own. Factors that it reads packed are an input's packed form, which the
   * tensor keeps, or are packed into the step's own memory.
   */
  private Step tile(Tiles.Tile tile, Node.Apply node) {
    Gpu.Program own = gpu.compile(tile.sum());
    programs.add(own);
    List<TileFactor> factors = new ArrayList<>();
    long scratch = 0;
    for (int i = 0; i < tile.factors().size(); i++) {
      TileFactor factor = factor(tile, i, scratch);
      factors.add(factor);
      scratch += factor.bytes;
    }
    return new Step(
        node.id(),
        tile.factors(),
        scratch,
        node.origin(),
        (device, program, places, room) -> {
          long[] buffers = new long[factors.size() + 1];
          for (int i = 0; i < factors.size(); i++) {
            TileFactor factor = factors.get(i);
            buffers[i] = factor.bytes > 0 ? room + factor.offset : places.at(factor.slot);
            if (factor.bytes > 0) {
              device.pack(
                  places.at(factor.slot), factor.rows, factor.inner, arithmetic, buffers[i]);
            }
          }
          buffers[factors.size()] = places.at(node.id());
          own.launch(0, buffers);
        });
  }

  /**
   * A factor as a tile's step finds it.
   *
   * @param slot where it is, or its packed form
   * @param bytes of the step's own memory into which it is packed; 0 where it is not
   * @param offset of those
   */
  private record TileFactor(int slot, int rows, int inner, long bytes, long offset) {}

  private TileFactor factor(Tiles.Tile tile, int number, long offset) {
    int slot = tile.factors().get(number);
    int rows = number % 2 == 0 ? tile.sum().n() : tile.sum().m();
    int inner = tile.sum().inner(number);
    long bytes = gpu.packedBytes(rows, inner, tile.sum().arithmetic());
    if (bytes > 0 && graph.node(slot) instanceof Node.Input input) {
      int packed = complaints + 1 + packings.size();
      int which = graph.inputs().indexOf(input);
      packings.add(new Packing(which, packed, inner, tile.sum().arithmetic()));
      return new TileFactor(packed, rows, inner, 0, 0);
    }
    return new TileFactor(slot, rows, inner, bytes, offset);
  }

  private Step kernel(Node.Apply node) {
    KernelBuilder.Built built = new KernelBuilder(graph, fusion, lowerings, node).build();
    int number = kernels.size();
    kernels.add(built.kernel());
    int[] slots =
        built.slots().stream()
            .mapToInt(slot -> slot == KernelBuilder.COMPLAINTS ? complaints : slot)
            .toArray();
    complaining |= built.slots().contains(KernelBuilder.COMPLAINTS);
    List<Integer> reads =
        built.slots().stream().filter(slot -> slot >= 0 && slot != node.id()).toList();
    return new Step(
        node.id(),
        reads,
        built.scratch(),
        node.origin(),
        (gpu, program, places, scratch) -> {
          long[] buffers = new long[slots.length];
          for (int i = 0; i < slots.length; i++) {
            buffers[i] = slots[i] == KernelBuilder.SCRATCH ? scratch : places.at(slots[i]);
          }
          program.launch(number, buffers);
        });
  }

  /**
   * Row-major Y = op(A) op(B) is column-major Y^T = op(B)^T op(A)^T: the operands change places.
   */
  private Step product(MatMul matMul, Node.Apply node) {
    int a = fusion.root(node.arguments().get(0));
    int b = fusion.root(node.arguments().get(1));
    Shape left = graph.node(node.arguments().get(0)).type().shape();
    Shape shape = node.type().shape();
    int rows = (int) shape.dim(-2);
    int columns = (int) shape.dim(-1);
    int inner = (int) left.dim(matMul.transposeLeft() ? -2 : -1);
    int batch = (int) shape.slice(0, shape.rank() - 2).size();
    Gemm gemm =
        new Gemm(
            matMul.transposeRight(),
            matMul.transposeLeft(),
            columns,
            rows,
            inner,
            matMul.transposeRight() ? inner : columns,
            matMul.transposeLeft() ? rows : inner,
            (long) inner * columns,
            (long) rows * inner,
            batch);
    int y = node.id();
    long bytes = shape.size() * gpu.precision().bytes();
    Step.Action action =
        inner == 0
            ? (gpu, program, places, scratch) -> gpu.clear(places.at(y), bytes)
            : (gpu, program, places, scratch) ->
                gpu.gemm(gemm, arithmetic, places.at(b), places.at(a), places.at(y));
    return new Step(y, List.of(a, b), 0, node.origin(), action);
  }
}
