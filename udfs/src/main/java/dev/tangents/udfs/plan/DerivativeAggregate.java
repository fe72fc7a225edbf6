package dev.tangents.udfs.plan;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.function.Call;
import dev.tangents.udfs.function.SparkErrors;
import dev.tangents.udfs.function.SumFunction;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.TypedImperativeAggregate;
import org.apache.spark.sql.types.DataType;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of an aggregate. A buffer gathers rows and computes them a batch at a time; only sums in
 * double travel between tasks. An optimizer rule gives it what it computes with.
 */
public final class DerivativeAggregate extends TypedImperativeAggregate<GroupSum>
    implements Call, Serializable {
  private static final long serialVersionUID = 1L;

  private final SumFunction function;
  private final Seq<Expression> arguments;
  private final Precision precision;
  private final int bufferOffset;
  private final int inputOffset;
  private final GroupTask task;

  /**
   * A call.
   *
   * @param bufferOffset where Spark keeps its buffer
   * @param inputOffset where Spark keeps buffers to merge
   * @param task what it computes with; null until that is known
   * @throws dev.tangents.error.TangentsException of category USER for another number of arguments
   *     than it takes
   */
  public DerivativeAggregate(
      SumFunction function,
      Seq<Expression> arguments,
      Precision precision,
      int bufferOffset,
      int inputOffset,
      GroupTask task) {
    function.form(arguments.size());
    this.function = function;
    this.arguments = arguments;
    this.precision = precision;
    this.bufferOffset = bufferOffset;
    this.inputOffset = inputOffset;
    this.task = task;
  }

  /** Whether it knows what it computes with. */
  public boolean isBound() {
    return task != null;
  }

  /** This call with what it computes with, over columns that can be read. */
  public DerivativeAggregate bound(GroupTask computes, Seq<Expression> readable) {
    return new DerivativeAggregate(
        function, readable, precision, bufferOffset, inputOffset, computes);
  }

  @Override
  public SumFunction function() {
    return function;
  }

  @Override
  public List<Expression> arguments() {
    return CollectionConverters.asJava(arguments);
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public GroupSum createAggregationBuffer() {
    if (task == null) {
      throw misplaced();
    }
    return new GroupSum(task);
  }

  @Override
  public GroupSum update(GroupSum sum, InternalRow input) {
    List<Integer> places = sum.places();
    Object[] columns = new Object[places.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = arguments.apply(places.get(i)).eval(input);
    }
    return SparkErrors.running(() -> sum.add(new GenericInternalRow(columns)));
  }

  @Override
  public GroupSum merge(GroupSum sum, GroupSum other) {
    return SparkErrors.running(() -> sum.add(other));
  }

  @Override
  public Object eval(GroupSum sum) {
    return SparkErrors.running(() -> sum.value(function.form(arguments.size()).result()));
  }

  @Override
  public byte[] serialize(GroupSum sum) {
    return SparkErrors.running(sum::bytes);
  }

  @Override
  public GroupSum deserialize(byte[] bytes) {
    return createAggregationBuffer().read(bytes);
  }

  @Override
  public int mutableAggBufferOffset() {
    return bufferOffset;
  }

  @Override
  public ImperativeAggregate withNewMutableAggBufferOffset(int offset) {
    return new DerivativeAggregate(function, arguments, precision, offset, inputOffset, task);
  }

  @Override
  public int inputAggBufferOffset() {
    return inputOffset;
  }

  @Override
  public ImperativeAggregate withNewInputAggBufferOffset(int offset) {
    return new DerivativeAggregate(function, arguments, precision, bufferOffset, offset, task);
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return check();
  }

  @Override
  public DataType dataType() {
    return function.form(arguments.size()).result().type();
  }

  @Override
  public boolean nullable() {
    return true;
  }

  /** What plans show between brackets. */
  @Override
  public Iterator<Object> flatArguments() {
    return CollectionConverters.asScala(new ArrayList<Object>(arguments()).iterator());
  }

  @Override
  public String prettyName() {
    return function.name();
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new DerivativeAggregate(function, children, precision, bufferOffset, inputOffset, task);
  }

  @Override
  public int productArity() {
    return 6;
  }

  @Override
  public Object productElement(int index) {
    return switch (index) {
      case 0 -> function;
      case 1 -> arguments;
      case 2 -> precision;
      case 3 -> bufferOffset;
      case 4 -> inputOffset;
      case 5 -> task;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DerivativeAggregate;
  }

  /**
   * Two calls that are equal otherwise are equal if both are bound or both are not; what they
   * compute with is not compared.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof DerivativeAggregate call
        && function.equals(call.function)
        && arguments.equals(call.arguments)
        && precision == call.precision
        && bufferOffset == call.bufferOffset
        && inputOffset == call.inputOffset
        && isBound() == call.isBound();
  }

  @Override
  public int hashCode() {
    return Objects.hash(function, arguments, precision, bufferOffset, inputOffset);
  }
}
