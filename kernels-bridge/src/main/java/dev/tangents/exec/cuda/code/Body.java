package dev.tangents.exec.cuda.code;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Statements under construction; hands out fresh variables. Not thread-safe. */
public final class Body {
  /** Counts variables, one count for a whole kernel. */
  private static final class Names {
    private int next;

    String fresh(String stem) {
      return stem + next++;
    }
  }

  private final Names names;
  private final List<Stmt> statements = new ArrayList<>();

  /** The body of a new kernel. */
  public Body() {
    this(new Names());
  }

  private Body(Names names) {
    this.names = names;
  }

  /** What was built so far. */
  public List<Stmt> statements() {
    return List.copyOf(statements);
  }

  /** An integer variable with known bounds. */
  public Expr.Var counter(long extent) {
    return new Expr.Var(Kind.INT, names.fresh("i"), 0, Math.max(0, extent - 1));
  }

  /** The value in a variable, unless it is a variable or a number already. */
  public Expr let(Expr value) {
    return value instanceof Expr.Var || value instanceof Expr.Num ? value : variable(value);
  }

  /** A new variable that has the value, and may be set to others. */
  public Expr.Var variable(Expr value) {
    boolean whole = value.kind() == Kind.INT;
    Expr.Var variable =
        new Expr.Var(
            value.kind(),
            names.fresh("v"),
            whole ? Ints.least(value) : 0,
            whole ? Ints.most(value) : 0);
    statements.add(new Stmt.Let(variable, value));
    return variable;
  }

  /** Gives a variable another value. */
  public void set(Expr.Var variable, Expr value) {
    statements.add(new Stmt.Set(variable, value));
  }

  /** Writes to a buffer. */
  public void store(int buffer, Expr at, Expr value) {
    statements.add(new Stmt.Store(buffer, at, value));
  }

  /** Steps that are taken where a condition holds. */
  public void when(Expr condition, Consumer<Body> steps) {
    statements.add(new Stmt.If(condition, inner(steps)));
  }

  /** Steps for each integer from 0 to {@code extent}, in order. */
  public void loop(long extent, LoopBody steps) {
    loop(Ints.of(0), Ints.of(extent), extent, steps);
  }

  /** Steps for each integer of a range below {@code extent}, in order. */
  public void loop(Expr from, Expr to, long extent, LoopBody steps) {
    Expr.Var variable = counter(extent);
    statements.add(new Stmt.For(variable, from, to, inner(body -> steps.build(body, variable))));
  }

  /**
   * Steps for each integer of a range below {@code extent}, in any order, shared by the threads of
   * a block.
   */
  public void share(Expr from, Expr to, long extent, LoopBody steps) {
    Expr.Var variable = counter(extent);
    statements.add(new Stmt.Share(variable, from, to, inner(body -> steps.build(body, variable))));
  }

  /** A fold of the numbers that {@code value} gives for a range below {@code extent}. */
  public Expr.Var fold(Op how, Expr from, Expr to, long extent, FoldBody value) {
    Expr.Var variable = counter(extent);
    Body steps = new Body(names);
    Expr number = Reals.widened(value.build(steps, variable));
    Expr.Var result = new Expr.Var(Kind.WIDE, names.fresh("f"), 0, 0);
    statements.add(new Stmt.Fold(result, how, variable, from, to, steps.statements(), number));
    return result;
  }

  /** A fold over 0 to {@code extent}. */
  public Expr.Var fold(Op how, long extent, FoldBody value) {
    return fold(how, Ints.of(0), Ints.of(extent), extent, value);
  }

  private List<Stmt> inner(Consumer<Body> steps) {
    Body body = new Body(names);
    steps.accept(body);
    return body.statements();
  }

  /** Builds the steps of a loop. */
  @FunctionalInterface
  public interface LoopBody {
    /** Adds to {@code body} the steps for one value of {@code variable}. */
    void build(Body body, Expr variable);
  }

  /** Builds the number that a fold takes for one value of its variable. */
  @FunctionalInterface
  public interface FoldBody {
    /** The number; steps that it needs are added to {@code body}. */
    Expr build(Body body, Expr variable);
  }
}
