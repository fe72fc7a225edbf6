package dev.tangents.exec.cuda.code;

import dev.tangents.exec.cuda.code.Expr.Apply;
import dev.tangents.exec.cuda.code.Expr.Num;
import java.util.List;

/** Expressions of real numbers, of the engine's width or wide, and conditions. */
public final class Reals {
  private Reals() {}

  /** A known number of the engine's width. */
  public static Expr real(double value) {
    return new Num(Kind.REAL, value);
  }

  /** A known number in double. */
  public static Expr wide(double value) {
    return new Num(Kind.WIDE, value);
  }

  /** A function whose result is of the kind of its operands. */
  public static Expr apply(Op op, Expr... operands) {
    return new Apply(operands[0].kind(), op, List.of(operands), 0, 0);
  }

  /** A comparison, or a function of conditions. */
  public static Expr test(Op op, Expr... operands) {
    return new Apply(Kind.BOOL, op, List.of(operands), 0, 0);
  }

  /** {@code yes} where {@code condition} holds, else {@code no}; both of one kind. */
  public static Expr select(Expr condition, Expr yes, Expr no) {
    long least = yes.kind() == Kind.INT ? Math.min(Ints.least(yes), Ints.least(no)) : 0;
    long most = yes.kind() == Kind.INT ? Math.max(Ints.most(yes), Ints.most(no)) : 0;
    return new Apply(yes.kind(), Op.SELECT, List.of(condition, yes, no), least, most);
  }

  /** The number in double. */
  public static Expr widened(Expr x) {
    return x.kind() == Kind.WIDE ? x : new Apply(Kind.WIDE, Op.TO_WIDE, List.of(x), 0, 0);
  }

  /** The number in the engine's width. */
  public static Expr narrowed(Expr x) {
    return x.kind() == Kind.REAL ? x : new Apply(Kind.REAL, Op.TO_REAL, List.of(x), 0, 0);
  }
}
