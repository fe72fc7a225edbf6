package dev.tangents.udfs.plan;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeMap$;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.plans.logical.statsEstimation.EstimationUtils;
import scala.Function1;
import scala.Option;
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
  private final RowSizes sizes;
  private final LogicalPlan child;

  /**
   * An operator.
   *
   * @param results for each call the column of its values
   * @param sizes of what the calls take of a row and give
   */
  public EvalDerivatives(
      Seq<Expression> calls, Seq<Attribute> results, RowSizes sizes, LogicalPlan child) {
    this.calls = calls;
    this.results = results;
    this.sizes = sizes;
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
   * Bytes of numbers in a row.
   *
   * @param taken by the calls
   * @param given by them
   */
  public record RowSizes(long taken, long given) implements Serializable {}

  /**
   * The size of the rows with the values. Spark takes an array for one number, and would send to
   * every executor what does not fit there. It is not told how many rows there are: from that it
   * would reckon so again.
   */
  @Override
  public Statistics stats() {
    Statistics below = child.stats();
    BigInt row = EstimationUtils.getSizePerRow(child.output(), below.attributeStats());
    BigInt rows =
        below.rowCount().isDefined()
            ? below.rowCount().get()
            : below.sizeInBytes().$div(row.$plus(BigInt.apply(sizes.taken())));
    return new Statistics(
        below.sizeInBytes().$plus(rows.$times(BigInt.apply(sizes.given()))),
        Option.empty(),
        AttributeMap$.MODULE$.empty(),
        false);
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
    return other == child ? this : new EvalDerivatives(calls, results, sizes, other);
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
      case 2 -> sizes;
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
        && sizes.equals(node.sizes)
        && child.equals(node.child);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
