package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.SparkErrors;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Computes calls over batches of rows, all of them in one pass through the network. Keeps order and
 * partitioning of its child.
 */
public final class EvalDerivativesExec extends SparkPlan implements UnaryExecNode {
  private static final long serialVersionUID = 1L;

  private final Seq<Expression> calls;
  private final Seq<Attribute> results;
  private final transient ModelStore models;
  private final SparkPlan child;
  private transient PassMetrics metrics;

  /** The calls, the column of each, where models are found, and the rows. */
  public EvalDerivativesExec(
      Seq<Expression> calls, Seq<Attribute> results, ModelStore models, SparkPlan child) {
    this.calls = calls;
    this.results = results;
    this.models = models;
    this.child = child;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    PassTask task = SparkErrors.planning(calls().get(0), this::task);
    JavaRDD<InternalRow> rows = child.execute().toJavaRDD();
    return rows.mapPartitionsWithIndex(task::run, true).rdd();
  }

  private PassTask task() {
    QuerySettings settings = QuerySettings.of(conf());
    List<DerivativeExpression> all = calls();
    ModelStore.Sent model =
        models.get(session(), all.get(0).constants().model(), settings.modelBytes());
    PassPlan.Pass pass = PassPlan.of(all, model.loaded(), settings);
    return new PassTask(
        pass,
        PassResult.of(all, pass.needed()),
        model.files(),
        settings,
        counted(),
        child.output(),
        output());
  }

  private List<DerivativeExpression> calls() {
    return CollectionConverters.asJava(calls).stream()
        .map(DerivativeExpression.class::cast)
        .toList();
  }

  private synchronized PassMetrics counted() {
    if (metrics == null) {
      metrics = new PassMetrics(sparkContext());
    }
    return metrics;
  }

  @Override
  public Map<String, SQLMetric> metrics() {
    return counted().byName();
  }

  @Override
  public String nodeName() {
    return "EvalDerivatives";
  }

  /** What EXPLAIN shows: the model, then the calls that share a pass through it. */
  @Override
  public String simpleString(int maxFields) {
    return nodeName() + " " + model() + ", one pass: " + pass();
  }

  @Override
  public String verboseString(int maxFields) {
    return simpleString(maxFields);
  }

  /** What EXPLAIN FORMATTED shows. */
  @Override
  public String verboseStringWithOperatorId() {
    return formattedNodeName()
        + ("\nInput: " + CollectionConverters.asJava(child.output()))
        + ("\nModel: " + model())
        + ("\nOne pass: " + pass())
        + "\n";
  }

  private String model() {
    return calls().get(0).constants().model().model();
  }

  private String pass() {
    return calls().stream().map(Expression::sql).collect(Collectors.joining(", "));
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Output.behind(child.output(), results);
  }

  @Override
  public AttributeSet producedAttributes() {
    return Output.set(results);
  }

  @Override
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public Seq<SparkPlan> children() {
    return Output.seq(List.of(child));
  }

  @Override
  public SparkPlan mapChildren(Function1<SparkPlan, SparkPlan> map) {
    return withNewChildInternal(map.apply(child));
  }

  @Override
  public SparkPlan withNewChildInternal(SparkPlan other) {
    return other == child ? this : new EvalDerivativesExec(calls, results, models, other);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> others) {
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
      case 2 -> models;
      case 3 -> child;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof EvalDerivativesExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvalDerivativesExec node
        && calls.equals(node.calls)
        && results.equals(node.results)
        && child.equals(node.child);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
