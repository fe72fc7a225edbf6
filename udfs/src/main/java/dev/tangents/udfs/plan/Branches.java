package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.DerivativeExpression;
import dev.tangents.udfs.function.SparkErrors;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Walks through an expression to the calls that have no call in their arguments, along the branches
 * of IF, CASE, COALESCE, AND, OR and into what FILTER leaves of an aggregate, and tells for which
 * rows each is reached.
 *
 * @param found hears of each call and its rows
 */
record Branches(BiConsumer<DerivativeExpression, Guard> found) {
  /** Visits an expression that is evaluated in these rows. */
  void visit(Expression expression, Guard rows) {
    if (!Calls.in(expression)) {
      return;
    }
    if (expression instanceof DerivativeExpression call && !Calls.inChildren(call)) {
      requireColumns(call);
      found.accept(call, rows);
    } else if (expression instanceof If branches) {
      visit(branches.predicate(), rows);
      visit(branches.trueValue(), rows.and(Guard.isTrue(branches.predicate())));
      visit(branches.falseValue(), rows.and(Guard.isNotTrue(branches.predicate())));
    } else if (expression instanceof CaseWhen cases) {
      visitCases(cases, rows);
    } else if (expression instanceof Coalesce values) {
      Guard left = rows;
      for (Expression value : CollectionConverters.asJava(values.children())) {
        visit(value, left);
        left = left.and(new IsNull(value));
      }
    } else if (expression instanceof And and) {
      visit(and.left(), rows);
      visit(and.right(), behind(rows, Conditions.terms(and.left()), Guard::isNotFalse));
    } else if (expression instanceof Or or) {
      visit(or.left(), rows);
      visit(or.right(), behind(rows, alternatives(or.left()), Guard::isNotTrue));
    } else if (expression instanceof AggregateExpression aggregate) {
      visitAggregate(aggregate);
    } else {
      // Of a window too.
      Guard inside = expression instanceof WindowExpression ? Guard.ALL : rows;
      CollectionConverters.asJava(expression.children()).forEach(child -> visit(child, inside));
    }
  }

  /** What is aggregated are rows, whatever is asked of the result. */
  private void visitAggregate(AggregateExpression aggregate) {
    Guard taken = Guard.ALL;
    if (aggregate.filter().isDefined()) {
      Expression filter = aggregate.filter().get();
      visit(filter, taken);
      taken = taken.and(Guard.isTrue(filter));
    }
    visit(aggregate.aggregateFunction(), taken);
  }

  private void visitCases(CaseWhen cases, Guard rows) {
    Guard left = rows;
    for (Tuple2<Expression, Expression> branch : CollectionConverters.asJava(cases.branches())) {
      visit(branch._1(), left);
      visit(branch._2(), left.and(Guard.isTrue(branch._1())));
      left = left.and(Guard.isNotTrue(branch._1()));
    }
    if (cases.elseValue().isDefined()) {
      visit(cases.elseValue().get(), left);
    }
  }

  /** Rows that the terms in front leave: those without calls alone, so that calls share a pass. */
  private static Guard behind(
      Guard rows, Stream<Expression> terms, UnaryOperator<Expression> goesOn) {
    return terms
        .filter(term -> !Calls.in(term))
        .map(goesOn)
        .reduce(rows, Guard::and, (first, second) -> second);
  }

  private static Stream<Expression> alternatives(Expression condition) {
    return condition instanceof Or or
        ? Stream.concat(alternatives(or.left()), alternatives(or.right()))
        : Stream.of(condition);
  }

  private static void requireColumns(DerivativeExpression call) {
    if (Guard.hasFreeVariable(call)) {
      throw SparkErrors.refusal(
          call,
          "%s: a function cannot be called for each element of an array. Give each a row of its own with explode",
          call.sql());
    }
  }
}
