package dev.tangents.udfs.plan;

import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.plans.logical.statsEstimation.EstimationUtils;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/**
 * The rows of a child with the values of calls behind their columns: of one model, at one column of
 * features, in one pass.
 */
public final class EvalDerivatives extends LogicalPlan implements UnaryNode {
  private static final long serialVersionUID = 1L;

  private final Seq<Expression> calls;
  private final Seq<Attribute> results;
  private final long bytes;
  private final LogicalPlan child;

  /**
   * An operator.
   *
   * @param results for each call the column of its values
   * @param bytes of the values of a row
   */
  public EvalDerivatives(
      Seq<Expression> calls, Seq<Attribute> results, long bytes, LogicalPlan child) {
    this.calls = calls;
    this.results = results;
    this.bytes = bytes;
    this.child = child;
  }

  /** The calls. */
  public Seq<Expression> calls() {
    return calls;
  }

  /** The column of each call. */
  public Seq<Attribute> results() {
    return results;
  }

  @Override
  public LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Output.behind(child.output(), results);
  }

  /**
   * The size of the rows with the values. Spark takes an array for one number, and would send to
   * every executor what does not fit there.
   */
  @Override
  public Statistics stats() {
    Statistics below = child.stats();
    BigInt row = EstimationUtils.getSizePerRow(child.output(), below.attributeStats());
    BigInt rows =
        below.rowCount().isDefined() ? below.rowCount().get() : below.sizeInBytes().$div(row);
    return below.copy(
        below.sizeInBytes().$plus(rows.$times(BigInt.apply(bytes))),
        below.rowCount(),
        below.attributeStats(),
        below.isRuntime());
  }

  @Override
  public AttributeSet producedAttributes() {
    return Output.set(results);
  }

  @Override
  public Seq<LogicalPlan> children() {
    return CollectionConverters.asScala(java.util.List.of(child)).toList();
  }

  @Override
  public LogicalPlan mapChildren(Function1<LogicalPlan, LogicalPlan> map) {
    return withNewChildInternal(map.apply(child));
  }

  @Override
  public LogicalPlan withNewChildInternal(LogicalPlan other) {
    return other == child ? this : new EvalDerivatives(calls, results, bytes, other);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> others) {
    return withNewChildInternal(others.apply(0));
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int index) {
    return switch (index) {
      case 0 -> calls;
      case 1 -> results;
      case 2 -> bytes;
      case 3 -> child;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof EvalDerivatives;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvalDerivatives node
        && calls.equals(node.calls)
        && results.equals(node.results)
        && child.equals(node.child);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
