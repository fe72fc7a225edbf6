package dev.tangents.udfs;

import dev.tangents.udfs.plan.DerivativeStrategy;
import dev.tangents.udfs.plan.ExtractDerivatives;
import dev.tangents.udfs.plan.ModelStore;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Puts the functions into every session: {@code
 * spark.sql.extensions=dev.tangents.udfs.TangentsExtensions}.
 */
public final class TangentsExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** For Spark, which makes it by name. */
  public TangentsExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    ModelStore models = new ModelStore();
    Registration.all().forEach(extensions::injectFunction);
    extensions.injectPreCBORule(session -> new ExtractDerivatives());
    extensions.injectPlannerStrategy(session -> new DerivativeStrategy(models));
    return BoxedUnit.UNIT;
  }
}
