package dev.tangents.job.io.parquet;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Columns of our Parquet files and how a field of each is written. */
public final class Fields {
  private Fields() {}

  /** A required {@code int}. */
  public static Type integer(String name) {
    return Types.required(PrimitiveTypeName.INT32).named(name);
  }

  /** A required {@code bigint}. */
  public static Type bigint(String name) {
    return Types.required(PrimitiveTypeName.INT64).named(name);
  }

  /** A required {@code double}. */
  public static Type number(String name) {
    return Types.required(PrimitiveTypeName.DOUBLE).named(name);
  }

  /** A required string. */
  public static Type string(String name) {
    return Types.required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  /** An optional column for an id or a label. A column without any value is a string. */
  public static Type scalar(String name, Scalar.Type type) {
    return switch (type) {
      case INTEGER -> Types.optional(PrimitiveTypeName.INT64).named(name);
      case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
      case TEXT, NONE ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
    };
  }

  /** Names of the columns with the types that lie in the file. */
  public static List<String> described(MessageType schema) {
    return schema.getColumns().stream()
        .map(column -> column.getPath()[0] + " " + column.getPrimitiveType().getPrimitiveTypeName())
        .toList();
  }

  /** A required list of required numbers, in the standard three-level form. */
  public static Type numbers(String name, Precision precision) {
    PrimitiveTypeName element =
        precision == Precision.FLOAT ? PrimitiveTypeName.FLOAT : PrimitiveTypeName.DOUBLE;
    return Types.requiredList().element(Types.required(element).named("element")).named(name);
  }

  /** A required list of required {@code int}, in the standard three-level form. */
  public static Type integers(String name) {
    return Types.requiredList()
        .element(Types.required(PrimitiveTypeName.INT32).named("element"))
        .named(name);
  }

  /** Writes a list of {@code int}. */
  public static void put(RecordConsumer out, String name, int field, List<Integer> values) {
    out.startField(name, field);
    out.startGroup();
    // Parquet allows no field without a value: an empty list is a group without one.
    if (!values.isEmpty()) {
      out.startField("list", 0);
      for (int value : values) {
        out.startGroup();
        put(out, "element", 0, value);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    out.endField(name, field);
  }

  /** Writes an {@code int}. */
  public static void put(RecordConsumer out, String name, int field, int value) {
    out.startField(name, field);
    out.addInteger(value);
    out.endField(name, field);
  }

  /** Writes a {@code bigint}. */
  public static void put(RecordConsumer out, String name, int field, long value) {
    out.startField(name, field);
    out.addLong(value);
    out.endField(name, field);
  }

  /** Writes a {@code double}. */
  public static void put(RecordConsumer out, String name, int field, double value) {
    out.startField(name, field);
    out.addDouble(value);
    out.endField(name, field);
  }

  /** Writes a string. */
  public static void put(RecordConsumer out, String name, int field, String value) {
    out.startField(name, field);
    out.addBinary(Binary.fromString(value));
    out.endField(name, field);
  }

  /** Writes an id or a label; nothing if it is missing. */
  public static void put(RecordConsumer out, String name, int field, Scalar value) {
    switch (value.type()) {
      case NONE -> {
        return;
      }
      case INTEGER -> put(out, name, field, value.integer());
      case TEXT -> put(out, name, field, value.text());
      case REAL -> put(out, name, field, value.real());
    }
  }

  /** Writes {@code length} numbers of a tensor, from {@code from} on, in row-major order. */
  public static void put(
      RecordConsumer out, String name, int field, HostTensor values, int from, int length) {
    out.startField(name, field);
    out.startGroup();
    if (length > 0) {
      out.startField("list", 0);
      if (values.precision() == Precision.FLOAT) {
        floats(out, values.floats(), from, length);
      } else {
        doubles(out, values.doubles(), from, length);
      }
      out.endField("list", 0);
    }
    out.endGroup();
    out.endField(name, field);
  }

  private static void floats(RecordConsumer out, float[] values, int from, int length) {
    for (int i = from; i < from + length; i++) {
      out.startGroup();
      out.startField("element", 0);
      out.addFloat(values[i]);
      out.endField("element", 0);
      out.endGroup();
    }
  }

  private static void doubles(RecordConsumer out, double[] values, int from, int length) {
    for (int i = from; i < from + length; i++) {
      out.startGroup();
      out.startField("element", 0);
      out.addDouble(values[i]);
      out.endField("element", 0);
      out.endGroup();
    }
  }
}
