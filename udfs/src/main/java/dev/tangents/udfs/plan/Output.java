package dev.tangents.udfs.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Columns of operators, between Java's lists and Scala's. */
final class Output {
  private Output() {}

  /** Columns behind others. */
  static Seq<Attribute> behind(Seq<Attribute> first, Seq<Attribute> last) {
    List<Attribute> all = new ArrayList<>(CollectionConverters.asJava(first));
    all.addAll(CollectionConverters.asJava(last));
    return seq(all);
  }

  /** Columns as a set. */
  static AttributeSet set(Seq<Attribute> columns) {
    return AttributeSet.fromAttributeSets(
        seq(CollectionConverters.asJava(columns).stream().map(AttributeSet::apply).toList()));
  }

  /** Columns as expressions. */
  static Seq<Expression> bound(Seq<Attribute> columns) {
    return seq(CollectionConverters.asJava(columns));
  }

  /** An immutable sequence, which can be serialised. */
  static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.asScala(new ArrayList<T>(list)).toList();
  }
}
