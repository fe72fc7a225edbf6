package dev.tangents.udfs.plan;

import dev.tangents.udfs.TangentsExtensions;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A session whose optimizer leaves calls where they are, to show plans as our rule is given them.
 * No query is run; its tables {@code t} and {@code u} have no rows.
 */
final class SparkFixture implements AutoCloseable {
  private final Recorder recorder = new Recorder();
  private final SparkSession spark;
  private final ExtractDerivatives rule;

  /** Stands where our rule does, and changes nothing. */
  private static final class Recorder extends Rule<LogicalPlan> {
    private final AtomicReference<LogicalPlan> last = new AtomicReference<>();

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      last.set(plan);
      return plan;
    }
  }

  SparkFixture() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.tangents.engine", "reference")
            .config("spark.sql.optimizer.excludedRules", ExtractDerivatives.class.getName())
            .withExtensions(
                extensions -> {
                  extensions.injectPreCBORule(session -> recorder);
                  return new TangentsExtensions().apply(extensions);
                })
            .getOrCreate();
    SparkSession.setActiveSession(spark);
    rule = new ExtractDerivatives(spark, new ModelStore());
    StructType schema =
        StructType.fromDDL(
            "id int, a boolean, b boolean, label int, x array<float>, y array<float>");
    for (String name : new String[] {"t", "u"}) {
      spark
          .createDataFrame(new JavaSparkContext(spark.sparkContext()).<Row>emptyRDD(), schema)
          .createOrReplaceTempView(name);
    }
  }

  SparkSession spark() {
    return spark;
  }

  /** Our rule in this session. */
  ExtractDerivatives rule() {
    return rule;
  }

  /**
   * What the rule is given of a query, in which {@code P(x)} stands for the outputs of {@link
   * Catalyst#MODEL}, {@code J(x)} for its Jacobian, {@code D(x)} for its determinant and {@code
   * V(x, v)} for a JVP.
   */
  LogicalPlan plan(String query) {
    String text =
        query
            .replaceAll("\\bP\\(", "tangents_predict('M', ")
            .replaceAll("\\bJ\\(", "tangents_jacobian('M', ")
            .replaceAll("\\bD\\(", "tangents_determinant('M', ")
            .replaceAll("\\bV\\(", "tangents_jvp('M', ")
            .replace("'M'", "'" + Catalyst.MODEL + "'");
    spark.sql(text).queryExecution().optimizedPlan();
    return recorder.last.get();
  }

  @Override
  public void close() {
    spark.stop();
  }
}
