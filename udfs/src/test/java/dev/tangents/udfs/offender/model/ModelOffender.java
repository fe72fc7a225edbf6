package dev.tangents.udfs.offender.model;

import dev.tangents.udfs.offender.plan.PlanOffender;
import org.apache.spark.sql.Row;

/** Knows Spark and closes a cycle, to prove that the rules bite. */
public final class ModelOffender {
  Row row;
  PlanOffender plan;
}
