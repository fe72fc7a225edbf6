package dev.tangents.exec.nd4j;

import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a simplified graph into an executable: splits it into what depends on weights and constants
 * alone (the prologue, run now) and what depends on inputs (the body), places both, and lowers each
 * node.
 */
final class Preparation {
  private final Graph graph;
  private final Weights weights;
  private final NativeMemory memory;
  private final Nd4jLowerings lowerings;
  private final int threads;
  private final Scratch scratch;
  private final Views views;
  private final int[] slots;
  private final List<Node.Apply> prologue = new ArrayList<>();
  private final List<Node.Apply> body = new ArrayList<>();
  private final BitSet varying;
  private final Frame frame;

  /** Closed when the preparation ends. */
  private final List<NativeBuffer> temporary = new ArrayList<>();

  /** Handed over to the executable. */
  private final List<NativeBuffer> owned = new ArrayList<>();

  Preparation(
      Graph graph, Weights weights, NativeMemory memory, Nd4jLowerings lowerings, int threads) {
    this.graph = graph;
    this.varying = graph.varying();
    this.weights = weights;
    this.memory = memory;
    this.lowerings = lowerings;
    this.threads = threads;
    this.scratch = new Scratch(memory.precision());
    this.views = new Views(graph, lowerings);
    this.slots = views.slots();
    this.frame = new Frame(slots.length);
    split();
  }

  /** The executable, its prologue computed. Frees everything if that fails. */
  Executing executable() {
    boolean done = false;
    try {
      BitSet sources = sources();
      BitSet needed = neededByBody();
      Placement before = place(prologue, sources, needed);
      Outputs outputs = new Outputs(graph, slots, varying);
      BitSet elsewhere = (BitSet) needed.clone();
      elsewhere.or(outputs.direct());
      graph.inputs().forEach(input -> elsewhere.set(input.id()));
      Placement after = place(body, elsewhere, new BitSet());
      require(sources, before, after);
      load(sources, needed);
      allocate(before, prologue, needed);
      List<Lowered> first = lower(prologue);
      temporary.addAll(scratch.allocateWide(memory));
      first.forEach(lowered -> lowered.step().run(frame));
      allocate(after, body, null);
      List<Lowered> steps = lower(body);
      owned.addAll(scratch.allocateWide(memory));
      Executing executable =
          new Executing(
              graph,
              frame,
              steps.stream().map(Lowered::step).toList(),
              steps.stream().map(Lowered::origin).toList(),
              outputs,
              List.copyOf(owned),
              threads,
              memory.precision());
      done = true;
      return executable;
    } finally {
      temporary.forEach(NativeBuffer::close);
      if (!done) {
        owned.forEach(NativeBuffer::close);
      }
    }
  }

  private void split() {
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply
          && !views.isView(apply.id())
          && apply.type().shape().size() > 0) {
        (varying.get(apply.id()) ? body : prologue).add(apply);
      }
    }
  }

  /** Parameters and constants whose numbers some step or result reads from memory. */
  private BitSet sources() {
    BitSet sources = new BitSet();
    for (List<Node.Apply> steps : List.of(prologue, body)) {
      for (Node.Apply step : steps) {
        for (int argument : step.arguments()) {
          if (!passedAsNumber(step, argument)) {
            sources.set(slots[argument]);
          }
        }
      }
    }
    graph.outputs().forEach(id -> sources.set(slots[id]));
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply || node instanceof Node.Input) {
        sources.clear(node.id());
      }
    }
    return sources;
  }

  /** Slots that do not vary and that the body or a result reads. */
  private BitSet neededByBody() {
    BitSet needed = new BitSet();
    for (Node.Apply step : body) {
      for (int argument : step.arguments()) {
        if (!passedAsNumber(step, argument)) {
          needed.set(slots[argument]);
        }
      }
    }
    graph.outputs().forEach(id -> needed.set(slots[id]));
    needed.andNot(varying);
    return needed;
  }

  private boolean passedAsNumber(Node.Apply step, int argument) {
    return lowerings.of(step.primitive()).splats()
        && graph.node(slots[argument]) instanceof Node.Constant constant
        && constant.literal().isSplat();
  }

  private Placement place(List<Node.Apply> steps, BitSet elsewhere, BitSet kept) {
    Placement placement = new Placement(graph, lowerings, slots);
    placement.place(steps, elsewhere, kept);
    return placement;
  }

  private void require(BitSet sources, Placement before, Placement after) {
    long numbers = sources.stream().mapToLong(id -> graph.node(id).type().shape().intSize()).sum();
    for (Placement placement : List.of(before, after)) {
      numbers += placement.blockSizes().stream().mapToLong(Integer::longValue).sum();
    }
    memory.require(numbers * memory.precision().bytes(), "Plan of " + slots.length + " values");
  }

  private void load(BitSet sources, BitSet needed) {
    for (int id = sources.nextSetBit(0); id >= 0; id = sources.nextSetBit(id + 1)) {
      Literal literal =
          graph.node(id) instanceof Node.Parameter parameter
              ? weights.get(parameter.name())
              : ((Node.Constant) graph.node(id)).literal();
      NativeBuffer buffer = memory.allocate(literal.type().shape().intSize());
      (needed.get(id) ? owned : temporary).add(buffer);
      if (literal.isSplat()) {
        buffer.fill(0, buffer.length(), literal.first());
      } else {
        double[] values = literal.toArray();
        for (int i = 0; i < values.length; i++) {
          buffer.put(i, values[i]);
        }
      }
      frame.place(id, buffer);
    }
  }

  /** Allocates the blocks; those that hold a kept value, or all if {@code kept} is null, stay. */
  private void allocate(Placement placement, List<Node.Apply> steps, BitSet kept) {
    List<NativeBuffer> blocks = new ArrayList<>();
    BitSet staying = new BitSet();
    for (Node.Apply step : steps) {
      if (placement.block(step.id()) != null && (kept == null || kept.get(step.id()))) {
        staying.set(placement.block(step.id()));
      }
    }
    for (int size : placement.blockSizes()) {
      NativeBuffer block = memory.allocate(size);
      (staying.get(blocks.size()) ? owned : temporary).add(block);
      blocks.add(block);
    }
    Map<Long, NativeBuffer> views = new HashMap<>();
    for (Node.Apply step : steps) {
      Integer block = placement.block(step.id());
      if (block != null) {
        int size = step.type().shape().intSize();
        long key = ((long) block << Integer.SIZE) + size;
        frame.place(step.id(), views.computeIfAbsent(key, any -> blocks.get(block).view(0, size)));
      }
    }
  }

  /**
   * A step and the origin of what it computes last.
   *
   * @param origin parameter that it is for
   */
  private record Lowered(Step step, String origin) {}

  private List<Lowered> lower(List<Node.Apply> steps) {
    Chains chains = new Chains(graph, lowerings, views);
    List<Lowered> lowered = new ArrayList<>();
    for (int from = 0; from < steps.size(); ) {
      int length = chains.length(steps, from);
      Node.Apply last = steps.get(from + length - 1);
      Step step = length == 1 ? alone(last) : chain(steps.subList(from, from + length));
      lowered.add(new Lowered(step, last.origin()));
      from += length;
    }
    return lowered;
  }

  private Step alone(Node.Apply step) {
    return lowerings.of(step.primitive()).lower(step.primitive(), call(step));
  }

  private Step chain(List<Node.Apply> steps) {
    List<PairStep.Link> links = new ArrayList<>();
    for (Node.Apply step : steps) {
      PairStep.Link link = lowerings.of(step.primitive()).pairing().of(call(step).operands());
      links.add(links.isEmpty() ? link : link.behind(steps.get(links.size() - 1).id()));
    }
    return new PairStep(links, call(steps.get(steps.size() - 1)));
  }

  private Call call(Node.Apply step) {
    List<Operand> operands = new ArrayList<>();
    for (int argument : step.arguments()) {
      operands.add(
          passedAsNumber(step, argument)
              ? Operand.splat(
                  ((Node.Constant) graph.node(slots[argument])).literal().first(),
                  graph.node(argument).type().shape())
              : Operand.in(
                  slots[argument], graph.node(argument).type().shape(), views.repeat(argument)));
    }
    return new Call(operands, step.id(), step.type().shape(), scratch);
  }
}
