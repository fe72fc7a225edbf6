package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.SparkErrors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.optimizer.RewritePredicateSubquery$;
import org.apache.spark.sql.catalyst.plans.ExistenceJoin;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Conditions of filters and joins, cut where calls stand in some of their terms. */
final class Conditions {
  private Conditions() {}

  /** A filter whose terms without calls are a filter of their own below: fewer rows to compute. */
  static Filter cheapBelow(Filter filter) {
    Map<Boolean, List<Expression>> terms = terms(filter.condition(), Calls::in);
    boolean steady = terms(filter.condition()).allMatch(Expression::deterministic);
    if (terms.get(false).isEmpty() || !steady) {
      return filter;
    }
    LogicalPlan below = new Filter(all(terms.get(false)).orElseThrow(), filter.child());
    return new Filter(all(terms.get(true)).orElseThrow(), below);
  }

  /**
   * An inner join with the terms above it that have a call over columns of both sides; the join
   * itself if there is no such term. Another join with such a term is refused.
   */
  static LogicalPlan bothSidesAbove(Join join) {
    Map<Boolean, List<Expression>> terms =
        terms(join.condition().get(), term -> overBothSides(term, join));
    if (terms.get(true).isEmpty()) {
      return join;
    }
    if (!(join.joinType() instanceof InnerLike)) {
      Expression term = terms.get(true).get(0);
      throw SparkErrors.refusal(
          term,
          "%s: a function over columns of both sides can be part of the condition of an inner join alone, not of %s."
              + " Join on something else, and compare afterwards",
          term.sql(),
          join.joinType() instanceof ExistenceJoin ? "EXISTS" : join.joinType().sql());
    }
    Join rest =
        new Join(
            join.left(),
            join.right(),
            join.joinType(),
            Option.apply(all(terms.get(false)).orElse(null)),
            join.hint());
    return new Filter(all(terms.get(true)).orElseThrow(), rest);
  }

  /**
   * An operator with joins in place of the subqueries of its conditions, if a call in one of them
   * is over columns of the subquery: sooner than Spark does it, which it will anyway.
   */
  static LogicalPlan subqueriesJoined(LogicalPlan plan) {
    boolean inside =
        CollectionConverters.asJava(plan.expressions()).stream()
            .anyMatch(e -> Calls.any(e, call -> !call.references().subsetOf(plan.inputSet())));
    return inside ? RewritePredicateSubquery$.MODULE$.apply(plan) : plan;
  }

  private static boolean overBothSides(Expression term, Join join) {
    return Calls.any(
        term,
        call ->
            !call.references().subsetOf(join.left().outputSet())
                && !call.references().subsetOf(join.right().outputSet()));
  }

  private static Map<Boolean, List<Expression>> terms(
      Expression condition, Predicate<Expression> test) {
    return terms(condition).collect(Collectors.partitioningBy(test));
  }

  /** The terms of a conjunction. */
  static Stream<Expression> terms(Expression condition) {
    return condition instanceof And and
        ? Stream.concat(terms(and.left()), terms(and.right()))
        : Stream.of(condition);
  }

  private static Optional<Expression> all(List<Expression> terms) {
    return terms.stream().reduce(And::new);
  }
}
