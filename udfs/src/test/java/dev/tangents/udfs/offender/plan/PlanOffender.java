package dev.tangents.udfs.offender.plan;

import dev.tangents.udfs.offender.model.ModelOffender;

/** The other half of a cycle of packages. */
public final class PlanOffender {
  ModelOffender model;
}
