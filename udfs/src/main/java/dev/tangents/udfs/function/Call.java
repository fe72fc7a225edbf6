package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import java.util.List;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;

/** A function that is called in a query. */
public interface Call {
  /** What is called. */
  SqlFunction<?> function();

  /** The arguments of the call. */
  List<Expression> arguments();

  /** Width of the numbers that are computed. */
  Precision precision();

  /** The way of calling the function that was used. */
  default Form<?> form() {
    return function().form(arguments().size());
  }

  /**
   * What it says beside columns.
   *
   * @throws TangentsException of category USER that says what is wrong
   */
  default Constants constants() {
    return ConstantReader.of(form(), arguments());
  }

  /** What is wrong with the arguments, for Spark's analyzer. */
  default TypeCheckResult check() {
    try {
      constants();
      for (int i = 0; i < arguments().size(); i++) {
        Argument argument = form().argument(i);
        DataType type = arguments().get(i).dataType();
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

  /** Where batches of rows cannot be gathered. */
  default SparkRuntimeException misplaced() {
    return SparkErrors.ofRow(
        TangentsException.user(
            "%s: Spark evaluates it in a place where batches of rows cannot be gathered, or the session has the function"
                + " without its rules. Set spark.sql.extensions=dev.tangents.udfs.TangentsExtensions, and"
                + " compute the value in a SELECT of its own below",
            function().name()));
  }
}
