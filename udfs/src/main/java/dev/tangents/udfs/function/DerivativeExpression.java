package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a function in a query. It is never evaluated where it stands: an optimizer rule takes
 * it out into an operator that computes batches of rows.
 */
public final class DerivativeExpression extends Expression implements Unevaluable, Serializable {
  private static final long serialVersionUID = 1L;

  private final RowFunction function;
  private final Seq<Expression> arguments;
  private final Precision precision;

  /**
   * A call; {@code precision} is the width of the numbers of its result.
   *
   * @throws TangentsException of category USER for another number of arguments than it takes
   */
  public DerivativeExpression(
      RowFunction function, Seq<Expression> arguments, Precision precision) {
    function.form(arguments.size());
    this.function = function;
    this.arguments = arguments;
    this.precision = precision;
  }

  /** What is called. */
  public RowFunction function() {
    return function;
  }

  /** How it is called. */
  public Form form() {
    return function.form(arguments.size());
  }

  /** The arguments. */
  public List<Expression> arguments() {
    return CollectionConverters.asJava(arguments);
  }

  /** Width of the numbers of its result. */
  public Precision precision() {
    return precision;
  }

  /**
   * What it says beside columns.
   *
   * @throws TangentsException of category USER that says what is wrong
   */
  public Constants constants() {
    return ConstantReader.of(form(), arguments());
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    try {
      constants();
      for (int i = 0; i < arguments.size(); i++) {
        Argument argument = form().argument(i);
        DataType type = arguments.apply(i).dataType();
        if (argument.content().isPresent() && !Columns.areNumbers(argument, type)) {
          throw TangentsException.user(
              "%s: expected %s, got %s",
              argument.label(), Columns.expected(argument), type.simpleString());
        }
      }
      return TypeCheckResult.TypeCheckSuccess$.MODULE$;
    } catch (TangentsException e) {
      return new TypeCheckResult.TypeCheckFailure(e.getMessage());
    }
  }

  @Override
  public DataType dataType() {
    return form().result().type(precision);
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean foldable() {
    return false;
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

  private TangentsException misplaced() {
    return TangentsException.user(
        "%s: Spark evaluates it in a place where batches of rows cannot be gathered, or the session has the function"
            + " without its rules. Set spark.sql.extensions=dev.tangents.udfs.TangentsExtensions, and"
            + " compute the value in a SELECT of its own below",
        function.name());
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
