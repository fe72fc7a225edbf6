package dev.tangents.udfs;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.Functions;
import dev.tangents.udfs.function.NamedArguments;
import dev.tangents.udfs.function.RowFunction;
import dev.tangents.udfs.function.SparkErrors;
import dev.tangents.udfs.function.SqlFunction;
import dev.tangents.udfs.function.SumFunction;
import dev.tangents.udfs.function.Usage;
import dev.tangents.udfs.plan.DerivativeAggregate;
import dev.tangents.udfs.plan.QuerySettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;
import org.apache.spark.sql.internal.SQLConf;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Functions as Spark's registry takes them: name, help, and what makes an expression. */
final class Registration {
  private Registration() {}

  static List<Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>>>
      all() {
    List<Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>>> all =
        new ArrayList<>();
    for (RowFunction function : Functions.ofRows()) {
      all.add(
          entry(
              function,
              DerivativeExpression.class,
              arguments -> new DerivativeExpression(function, arguments, precision())));
    }
    for (SumFunction function : Functions.ofGroups()) {
      all.add(
          entry(
              function,
              DerivativeAggregate.class,
              arguments -> new DerivativeAggregate(function, arguments, precision(), 0, 0, null)));
    }
    return all;
  }

  private static Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>>
      entry(
          SqlFunction<?> function,
          Class<?> type,
          Function1<Seq<Expression>, Expression> expression) {
    return new Tuple3<>(
        new FunctionIdentifier(function.name()),
        info(function, type),
        arguments ->
            SparkErrors.planning(
                CurrentOrigin.get(), () -> expression.apply(inOrder(function, arguments))));
  }

  private static Seq<Expression> inOrder(SqlFunction<?> function, Seq<Expression> arguments) {
    return CollectionConverters.asScala(
            NamedArguments.inOrder(function, CollectionConverters.asJava(arguments)))
        .toList();
  }

  private static Precision precision() {
    return QuerySettings.precision(SQLConf.get());
  }

  private static ExpressionInfo info(SqlFunction<?> function, Class<?> type) {
    Usage usage = new Usage(function);
    return new ExpressionInfo(
        type.getName(),
        null,
        function.name(),
        usage.summary(),
        usage.arguments(),
        usage.example(),
        usage.note(),
        "",
        "",
        "",
        "");
  }
}
