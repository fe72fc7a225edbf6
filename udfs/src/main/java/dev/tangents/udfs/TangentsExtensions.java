package dev.tangents.udfs;

import dev.tangents.udfs.plan.DerivativeStrategy;
import dev.tangents.udfs.plan.ExtractDerivatives;
import dev.tangents.udfs.plan.ModelStore;
import dev.tangents.udfs.plan.QuerySettings;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Puts the functions into every session: {@code
 * spark.sql.extensions=dev.tangents.udfs.TangentsExtensions}.
 */
public final class TangentsExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** Public and without arguments, for Spark makes it by name. */
  public TangentsExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    QuerySettings.declare();
    ModelStore models = new ModelStore();
    Registration.all().forEach(extensions::injectFunction);
    extensions.injectPreCBORule(session -> new ExtractDerivatives(classic(session), models));
    extensions.injectPlannerStrategy(session -> new DerivativeStrategy(models));
    return BoxedUnit.UNIT;
  }

  private static org.apache.spark.sql.classic.SparkSession classic(SparkSession session) {
    return (org.apache.spark.sql.classic.SparkSession) session;
  }
}
