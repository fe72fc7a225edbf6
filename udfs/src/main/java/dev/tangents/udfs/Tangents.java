package dev.tangents.udfs;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.lit;

import dev.tangents.error.TangentsException;
import dev.tangents.udfs.plan.DerivativeStrategy;
import dev.tangents.udfs.plan.ExtractDerivatives;
import dev.tangents.udfs.plan.ModelStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The functions for programs: each as a column, and a call that puts them into a session that was
 * started without {@link TangentsExtensions}. Models are paths, or networks in one string.
 */
public final class Tangents {
  private Tangents() {}

  /**
   * Puts the functions into a session. Once is enough; again does nothing.
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
    Registration.all().forEach(each -> registry.registerFunction(each._1(), each._2(), each._3()));
    ExperimentalMethods methods = session.experimental();
    if (CollectionConverters.asJava(methods.extraStrategies()).stream()
        .noneMatch(DerivativeStrategy.class::isInstance)) {
      methods.extraStrategies_$eq(
          with(methods.extraStrategies(), new DerivativeStrategy(new ModelStore())));
      methods.extraOptimizations_$eq(with(methods.extraOptimizations(), new ExtractDerivatives()));
    }
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

  private static <T> Seq<T> with(Seq<T> known, T more) {
    List<T> all = new ArrayList<>(CollectionConverters.asJava(known));
    all.add(more);
    return CollectionConverters.asScala(all).toList();
  }
}
