package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Turns a simplified graph into an executable: decides what is formed in memory, splits it into
 * what depends on weights and constants alone (the prologue, run now) and what depends on inputs
 * (the body), places both, and compiles their kernels together.
 */
final class Preparation {
  /** Later than any step. */
  private static final int FOREVER = Integer.MAX_VALUE;

  /** Numbers in which a kernel reports a row number that is in no table. */
  private static final int COMPLAINT = 3;

  private final Graph graph;
  private final Weights weights;
  private final CudaMemory memory;
  private final int bytes;
  private final BitSet varying;
  private final Fusion fusion;
  private final Steps maker;
  private final Routes routes;
  private final List<Step> prologue = new ArrayList<>();
  private final List<Step> body = new ArrayList<>();
  private final Places places;

  Preparation(
      Graph graph,
      Weights weights,
      CudaMemory memory,
      CudaLowerings lowerings,
      Arithmetic arithmetic) {
    this.graph = graph;
    this.weights = weights;
    this.memory = memory;
    this.bytes = memory.precision().bytes();
    this.varying = graph.varying();
    this.fusion = new Fusion(graph, lowerings, new Tiles(graph, arithmetic), varying);
    this.maker = new Steps(graph, fusion, lowerings, memory.gpu(), arithmetic);
    this.routes = Routes.of(graph, fusion, varying);
    for (Node.Apply node : fusion.steps()) {
      (varying.get(node.id()) ? body : prologue).add(maker.step(node));
    }
    this.places = new Places(maker.slots());
  }

  /** The executable, its prologue computed. Frees everything if that fails. */
  Executing executable() {
    BitSet kept = neededByBody();
    BitSet sources = sources(kept);
    Arena stays = new Arena();
    kept.stream().forEach(slot -> stays.add(slot, size(slot), 0, FOREVER));
    stays.add(maker.complaints(), (long) COMPLAINT * bytes, 0, FOREVER);
    stays.place();
    Arena before = arena(prologue, kept);
    sources.stream()
        .filter(slot -> !kept.get(slot))
        .forEach(slot -> before.add(slot, size(slot), 0, FOREVER));
    before.place();
    Arena after = arena(body, kept);
    after.place();
    memory.require(
        stays.bytes() + before.bytes() + after.bytes(), "Plan of " + places.count() + " values");
    List<AutoCloseable> owned = new ArrayList<>(maker.programs());
    try (CudaMemory.Block temporary = memory.allocate(before.bytes())) {
      Gpu.Program program = memory.gpu().compile(maker.kernels());
      owned.add(program);
      CudaMemory.Block permanent = memory.allocate(stays.bytes());
      owned.add(permanent);
      move(stays, permanent.address());
      move(before, temporary.address());
      memory.gpu().clear(places.at(maker.complaints()), (long) COMPLAINT * bytes);
      sources.stream().forEach(this::load);
      Plan first = new Plan(prologue, scratch(before, prologue, temporary.address()), program);
      first.run(memory.gpu(), places);
      Complaints complaints =
          new Complaints(memory, maker.complaining(), places.at(maker.complaints()));
      complaints.check();
      memory.gpu().synchronise();
      CudaMemory.Block values = memory.allocate(after.bytes());
      owned.add(values);
      move(after, values.address());
      Plan plan = new Plan(body, scratch(after, body, values.address()), program);
      return new Executing(
          graph,
          memory,
          new Prepared(plan, places, routes, maker.packings(), complaints, List.copyOf(owned)));
    } catch (RuntimeException e) {
      Prepared.close(owned);
      throw e;
    }
  }

  /** Slots that do not vary and that the body or a result reads. */
  private BitSet neededByBody() {
    BitSet needed = new BitSet();
    body.forEach(step -> step.reads().forEach(needed::set));
    graph.outputs().forEach(id -> needed.set(fusion.root(id)));
    needed.andNot(varying);
    return needed;
  }

  /** Parameters and constants that are read from memory. */
  private BitSet sources(BitSet kept) {
    BitSet sources = (BitSet) kept.clone();
    prologue.forEach(step -> step.reads().forEach(sources::set));
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply || node instanceof Node.Input) {
        sources.clear(node.id());
      }
    }
    return sources;
  }

  /**
   * Asks for places for the results of steps that have no place elsewhere, and their own memory.
   */
  private Arena arena(List<Step> steps, BitSet kept) {
    int[] last = new int[places.count()];
    Arrays.fill(last, -1);
    for (int i = 0; i < steps.size(); i++) {
      last[steps.get(i).slot()] = Math.max(last[steps.get(i).slot()], i);
      for (int slot : steps.get(i).reads()) {
        last[slot] = i;
      }
    }
    Arena arena = new Arena();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (!kept.get(step.slot()) && !routes.isDirect(step.slot())) {
        arena.add(step.slot(), size(step.slot()), i, last[step.slot()]);
      }
      if (step.scratch() > 0) {
        arena.add(scratchSlot(i), step.scratch(), i, i);
      }
    }
    return arena;
  }

  private int scratchSlot(int step) {
    return places.count() + step;
  }

  private long size(int slot) {
    return graph.node(slot).type().shape().size() * bytes;
  }

  private void move(Arena arena, long address) {
    for (int slot = 0; slot < places.count(); slot++) {
      if (arena.has(slot)) {
        places.set(slot, address + arena.offset(slot));
      }
    }
  }

  private long[] scratch(Arena arena, List<Step> steps, long address) {
    long[] scratch = new long[steps.size()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = arena.has(scratchSlot(i)) ? address + arena.offset(scratchSlot(i)) : 0;
    }
    return scratch;
  }

  private void load(int slot) {
    Literal literal =
        graph.node(slot) instanceof Node.Parameter parameter
            ? weights.get(parameter.name())
            : ((Node.Constant) graph.node(slot)).literal();
    double[] values = literal.toArray();
    if (values.length == 0) {
      return;
    }
    if (memory.precision() == Precision.DOUBLE) {
      memory.gpu().write(places.at(slot), values);
      return;
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    memory.gpu().write(places.at(slot), narrow);
  }
}
