package dev.tangents.udfs.function;

import com.google.errorprone.annotations.FormatMethod;
import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.trees.Origin;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Our failures as Spark's, of which its clients show the message: PySpark raises these two kinds as
 * exceptions of its own, and any other with a stack of Java's. The cause is ours.
 */
public final class SparkErrors {
  /** The condition of Spark's for what is raised with a message of its own. */
  private static final String RAISED = "USER_RAISED_EXCEPTION";

  /**
   * What the writer of a query can cure; for the rest it matters which task on which host it was.
   */
  private static final Set<Category> OF_ROWS =
      Set.copyOf(EnumSet.of(Category.USER, Category.DATA, Category.MODEL));

  private SparkErrors() {}

  /**
   * Does what belongs to the analysis or the planning of a query. A failure of ours becomes an
   * AnalysisException, which Java does not see.
   *
   * @param at the place in the query's text
   */
  public static <T> T planning(Origin at, Supplier<T> work) {
    try {
      return work.get();
    } catch (TangentsException e) {
      throw refusal(at, e);
    }
  }

  /**
   * Does what a call needs before its query runs. A failure of ours becomes an AnalysisException
   * that begins with the function's name.
   */
  public static <T, C extends Expression & Call> T planning(C call, Supplier<T> work) {
    try {
      return work.get();
    } catch (TangentsException e) {
      throw refusal(call.origin(), e.within(call.function().name()));
    }
  }

  /** What cannot be planned, at an expression of the query. */
  @FormatMethod
  public static RuntimeException refusal(Expression at, String format, Object... values) {
    return refusal(at.origin(), TangentsException.user(format, values));
  }

  private static RuntimeException refusal(Origin at, TangentsException failure) {
    if (failure.category() == Category.INTERNAL) {
      return failure;
    }
    TangentsException e = failure.reworded(QueryWording::of);
    return unchecked(
        new AnalysisException(
            e.getMessage(),
            at.line(),
            at.startPosition(),
            Option.apply(e),
            Option.apply(RAISED),
            parameters(e),
            new QueryContext[0]));
  }

  /**
   * Does a part of what a task does.
   *
   * @throws SparkRuntimeException in place of a failure of ours that is due to a row
   */
  public static <T> T running(Supplier<T> work) {
    try {
      return work.get();
    } catch (TangentsException e) {
      throw OF_ROWS.contains(e.category()) ? ofRow(e) : e.reworded(QueryWording::of);
    }
  }

  /** Rows that a task makes. */
  public static Iterator<InternalRow> running(Iterator<InternalRow> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return running(rows::hasNext);
      }

      @Override
      public InternalRow next() {
        return running(rows::next);
      }
    };
  }

  /** What a task throws for a row. */
  static SparkRuntimeException ofRow(TangentsException failure) {
    TangentsException e = failure.reworded(QueryWording::of);
    return new SparkRuntimeException(RAISED, parameters(e), e, new QueryContext[0], "");
  }

  /** From which PySpark makes the message. */
  private static scala.collection.immutable.Map<String, String> parameters(TangentsException e) {
    return scala.collection.immutable.Map.from(
        CollectionConverters.asScala(Map.of("errorMessage", e.getMessage())));
  }

  /** Scala's methods throw what they want, and say so to nobody. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException unchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
