package dev.tangents.it.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import scala.jdk.javaapi.CollectionConverters;

/** What became of a query: our operators in its plan, and their metrics. */
final class Plans {
  private Plans() {}

  /** Our operators, from the top; after the query has run. */
  static List<SparkPlan> operators(Dataset<Row> query) {
    QueryExecution execution = ((org.apache.spark.sql.classic.Dataset<Row>) query).queryExecution();
    List<SparkPlan> found = new ArrayList<>();
    collect(execution.executedPlan(), found);
    return found;
  }

  /** A metric of our operators, added up. */
  static long metric(Dataset<Row> query, String name) {
    return operators(query).stream().mapToLong(node -> node.metrics().apply(name).value()).sum();
  }

  private static void collect(SparkPlan plan, List<SparkPlan> found) {
    if (plan.nodeName().equals("EvalDerivatives")) {
      found.add(plan);
    }
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      collect(adaptive.executedPlan(), found);
    } else if (plan instanceof QueryStageExec stage) {
      collect(stage.plan(), found);
    }
    CollectionConverters.asJava(plan.children()).forEach(child -> collect(child, found));
    CollectionConverters.asJava(plan.subqueries()).forEach(child -> collect(child, found));
  }
}
