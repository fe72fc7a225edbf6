package dev.tangents.udfs;

import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.Form;
import dev.tangents.udfs.function.Functions;
import dev.tangents.udfs.function.RowFunction;
import dev.tangents.udfs.plan.QuerySettings;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.internal.SQLConf;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;

/** Functions as Spark's registry takes them: name, help, and what makes an expression. */
final class Registration {
  private Registration() {}

  static List<Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>>>
      all() {
    return Functions.ofRows().stream().map(Registration::of).toList();
  }

  private static Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>>
      of(RowFunction function) {
    return new Tuple3<>(
        new FunctionIdentifier(function.name()),
        info(function),
        arguments ->
            new DerivativeExpression(function, arguments, QuerySettings.precision(SQLConf.get())));
  }

  private static ExpressionInfo info(RowFunction function) {
    String usage =
        function.forms().stream()
                .map(Form::toString)
                .map("_FUNC_"::concat)
                .collect(Collectors.joining(", "))
            + " - "
            + function.help().meaning()
            + ".";
    String arguments = "\n    " + function.help().details() + "\n  ";
    String examples = "\n    Examples:\n      > " + function.help().example() + ";\n  ";
    return new ExpressionInfo(
        DerivativeExpression.class.getName(),
        null,
        function.name(),
        usage,
        arguments,
        examples,
        "",
        "",
        "",
        "",
        "");
  }
}
