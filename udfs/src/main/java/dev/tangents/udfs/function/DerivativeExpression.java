package dev.tangents.udfs.function;

import dev.tangents.exec.Precision;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a function in a query. It is never evaluated where it stands: an optimizer rule takes
 * it out into an operator that computes batches of rows.
 */
public final class DerivativeExpression extends Expression
    implements Call, Unevaluable, Serializable {
  private static final long serialVersionUID = 1L;

  private final RowFunction function;
  private final Seq<Expression> arguments;
  private final Precision precision;

  /**
   * A call; {@code precision} is the width of the numbers of its result.
   *
   * @throws dev.tangents.error.TangentsException of category USER for another number of arguments
   *     than it takes
   */
  public DerivativeExpression(
      RowFunction function, Seq<Expression> arguments, Precision precision) {
    function.form(arguments.size());
    this.function = function;
    this.arguments = arguments;
    this.precision = precision;
  }

  @Override
  public RowFunction function() {
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

  /** This call over arguments that are null where a condition does not hold. */
  public DerivativeExpression where(Expression condition) {
    List<Expression> some = new ArrayList<>();
    for (int i = 0; i < arguments().size(); i++) {
      Expression argument = arguments().get(i);
      boolean column = form().argument(i).content().isPresent();
      Expression none = Literal.create((Object) null, argument.dataType());
      some.add(column ? new If(condition, argument, none) : argument);
    }
    return (DerivativeExpression) withNewChildren(CollectionConverters.asScala(some).toList());
  }

  /** What its quantity becomes. */
  public Result result() {
    return function.form(arguments.size()).result();
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return check();
  }

  @Override
  public DataType dataType() {
    return result().type(precision);
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean foldable() {
    return false;
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
  public Object eval(InternalRow input) {
    throw misplaced();
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    throw misplaced();
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new DerivativeExpression(function, children, precision);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int index) {
    return switch (index) {
      case 0 -> function;
      case 1 -> arguments;
      case 2 -> precision;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof DerivativeExpression;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DerivativeExpression call
        && function.equals(call.function)
        && arguments.equals(call.arguments)
        && precision == call.precision;
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
