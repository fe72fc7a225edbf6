package dev.tangents.udfs;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.lit;

import dev.tangents.error.TangentsException;
import dev.tangents.udfs.plan.ExtractDerivatives;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The functions for programs: each as a column, and a call that puts them into a session that was
 * started without {@link TangentsExtensions}. Models are paths, or networks in one string.
 */
public final class Tangents {
  private Tangents() {}

  /**
   * Puts the functions into a session that was started without {@link TangentsExtensions}, and into
   * those that will be made of it. Once is enough; again does nothing.
   *
   * @throws TangentsException of category USER for a session that is a client of a remote one
   */
  public static void register(SparkSession spark) {
    if (!(spark instanceof org.apache.spark.sql.classic.SparkSession session)) {
      throw TangentsException.user(
          "Tangents.register: expected a session in this JVM, got %s. Start the server with"
              + " spark.sql.extensions=%s",
          spark.getClass().getName(), TangentsExtensions.class.getName());
    }
    FunctionRegistry registry = session.sessionState().functionRegistry();
    Registration.all().forEach(each -> register(registry, each._1(), each._2(), each._3()));
    SparkSessionExtensions extensions = session.extensions();
    // Spark asks for rules whenever it plans a query, so those of this session come in time.
    if (CollectionConverters.asJava(extensions.buildPreCBORules(session)).stream()
        .noneMatch(ExtractDerivatives.class::isInstance)) {
      new TangentsExtensions().apply(extensions);
    }
  }

  /** A function that is there stays. */
  private static void register(
      FunctionRegistry registry,
      FunctionIdentifier name,
      ExpressionInfo info,
      Function1<Seq<Expression>, Expression> expression) {
    FunctionIdentifier full = inSession(registry, name, expression);
    if (!registry.functionExists(full)) {
      registry.registerFunction(full, info, expression);
    }
  }

  /**
   * The full name of a function of the session, which is another in each release of Spark: that of
   * one which is put there for a moment.
   */
  private static FunctionIdentifier inSession(
      FunctionRegistry registry,
      FunctionIdentifier name,
      Function1<Seq<Expression>, Expression> expression) {
    String moment = name.funcName() + "_for_a_moment";
    registry.createOrReplaceTempFunction(moment, expression, "");
    FunctionIdentifier there =
        CollectionConverters.asJava(registry.listFunction()).stream()
            .filter(full -> full.funcName().equals(moment))
            .findFirst()
            .orElseThrow();
    registry.dropFunction(there);
    return new FunctionIdentifier(name.funcName(), there.database(), there.catalog());
  }

  /** The outputs f(x), array [O]. */
  public static Column predict(String model, Column x) {
    return call("tangents_predict", model, x);
  }

  /** df_o / dx_i, array of arrays [O][D]. */
  public static Column jacobian(String model, Column x) {
    return call("tangents_jacobian", model, x);
  }

  /** Sign, logabsdet and det of df/dx. */
  public static Column determinant(String model, Column x) {
    return call("tangents_determinant", model, x);
  }

  /** d2 f_o / dx_i dx_j, array [O][D][D]. */
  public static Column hessian(String model, Column x) {
    return call("tangents_hessian", model, x);
  }

  /** sum_i d2 f_o / dx_i^2, array [O]. */
  public static Column laplacian(String model, Column x) {
    return call("tangents_laplacian", model, x);
  }

  /** J v for v [D], array [O]. */
  public static Column jvp(String model, Column x, Column v) {
    return call("tangents_jvp", model, x, v);
  }

  /** J^T w for w [O], array [D]. */
  public static Column vjp(String model, Column x, Column w) {
    return call("tangents_vjp", model, x, w);
  }

  /** The loss of a row, double. */
  public static Column loss(String model, Column x, Column label, String loss) {
    return call("tangents_loss", model, x, label, lit(loss));
  }

  /** The gradient of a row's loss by the parameters, a map of name to numbers. */
  public static Column lossGradient(String model, Column x, Column label, String loss) {
    return call("tangents_loss_gradient", model, x, label, lit(loss));
  }

  /** A random projection of that gradient, array [k]. */
  public static Column lossGradient(
      String model, Column x, Column label, String loss, int k, long seed) {
    return call("tangents_loss_gradient", model, x, label, lit(loss), lit(k), lit(seed));
  }

  /** The Frobenius norm of the Jacobian by the parameters, double. */
  public static Column paramGradientNorm(String model, Column x) {
    return call("tangents_param_gradient_norm", model, x);
  }

  /** The norm of the gradient of a row's loss, double. */
  public static Column paramGradientNorm(String model, Column x, Column label, String loss) {
    return call("tangents_param_gradient_norm", model, x, label, lit(loss));
  }

  /** The trace kernel of the pair x, y, double. */
  public static Column ntk(String model, Column x, Column y) {
    return call("tangents_ntk", model, x, y);
  }

  /** Random projections of df_o/dtheta, array of arrays [O][k]. */
  public static Column features(String model, Column x, int k, long seed) {
    return call("tangents_features", model, x, lit(k), lit(seed));
  }

  /** Aggregate: the gradient of the mean loss by the parameters, a map of name to doubles. */
  public static Column gradient(String model, Column x, Column label, String loss) {
    return call("tangents_gradient", model, x, label, lit(loss));
  }

  /** Aggregate: the mean of the trace kernel over all pairs of rows, double. */
  public static Column meanNtk(String model, Column x) {
    return call("tangents_mean_ntk", model, x);
  }

  /**
   * Any function by its name, for a call with options.
   *
   * @param arguments all behind the model
   */
  public static Column call(String function, String model, Column... arguments) {
    return call_function(
        function,
        Stream.concat(Stream.of(lit(model)), Stream.of(arguments)).toArray(Column[]::new));
  }
}
