package dev.tangents.job.io.input;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Nearest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Turns what {@code --features} or a like flag names into one column: {@code array<double>} or
 * {@code array<float>}, vector or binary.
 */
final class FeatureColumns {
  private static final Pattern RANGE = Pattern.compile("(.*?)(\\d+)\\.\\.(.*?)(\\d+)");

  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d*\\.?\\d+([eE][-+]?\\d+)?");

  /** What is said of a column that there is none of. */
  static final String ABSENT = "not in the input";

  /** Columns that a message lists, at most. */
  private static final int SHOWN = 30;

  private FeatureColumns() {}

  /**
   * The column of features. Numbers, and arrays of whole numbers, are widened to double.
   *
   * @param flag what the user calls it, for messages
   * @param spec a column, {@code c1,c2}, or {@code px0..px63}
   * @throws TangentsException of category USER for a column that is not there, DATA for one of a
   *     type that holds no numbers
   */
  static Column of(String flag, String spec, LoadedTable table) {
    StructType schema = table.schema();
    List<String> names = names(flag, spec, schema);
    if (names.size() == 1) {
      DataType type = type(names.get(0), schema);
      if (type instanceof BinaryType || isVector(type)) {
        return quoted(names.get(0));
      }
      if (type instanceof ArrayType list && list.elementType() instanceof NumericType number) {
        boolean real = number instanceof FloatType || number instanceof DoubleType;
        Column column = quoted(names.get(0));
        return real ? column : column.cast(DataTypes.createArrayType(DataTypes.DoubleType));
      }
    }
    return array(names.stream().map(name -> number(flag, name, table)).toArray(Column[]::new));
  }

  /** The column of that name, whatever characters it has. */
  static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** The columns that there are, and which of them was probably meant by a name. */
  static String listed(String name, StructType schema) {
    List<String> known = Arrays.asList(schema.fieldNames());
    String shown = known.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return shown
        + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "")
        + "."
        + Nearest.to(name, known).map(near -> " Did you mean '" + near + "'?").orElse("");
  }

  /** Whether all columns are named as if they were numbers. */
  static boolean allNumbers(StructType schema) {
    return Arrays.stream(schema.fieldNames()).allMatch(NUMBER.asMatchPredicate());
  }

  /**
   * The type of a column.
   *
   * @throws TangentsException of category USER, naming the nearest column, if there is none
   */
  static DataType type(String name, StructType schema) {
    List<String> known = Arrays.asList(schema.fieldNames());
    if (!known.contains(name)) {
      throw TangentsException.user(
          "Column '%s': %s, which has %s", name, ABSENT, listed(name, schema));
    }
    return schema.apply(name).dataType();
  }

  /** Whether the type is that of a Spark ML vector as it lies in a file. */
  static boolean isVector(DataType type) {
    return type instanceof StructType struct
        && Arrays.equals(struct.fieldNames(), new String[] {"type", "size", "indices", "values"});
  }

  private static Column number(String flag, String name, LoadedTable table) {
    DataType type = type(name, table.schema());
    if (!(type instanceof NumericType)) {
      String found = type instanceof StringType ? table.firstText(name).orElse("") : "";
      throw TangentsException.data(
          "Column '%s': expected numbers, an array of numbers, a vector or binary, got %s%s."
              + " Choose other columns with --%s",
          name, type.simpleString(), found, flag);
    }
    return quoted(name).cast(DataTypes.DoubleType);
  }

  private static List<String> names(String flag, String spec, StructType schema) {
    // A column may have a comma or dots in its name; the name as a whole wins.
    if (Arrays.asList(schema.fieldNames()).contains(spec)) {
      return List.of(spec);
    }
    List<String> names = new ArrayList<>();
    for (String part : spec.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      if (range.matches() && range.group(1).equals(range.group(3))) {
        names.addAll(range(flag, range, schema));
      } else {
        names.add(part.strip());
      }
    }
    return names;
  }

  /** px0..px63, or px00..px63 where the first bound has leading zeros. */
  private static List<String> range(String flag, Matcher range, StructType schema) {
    String from = range.group(2);
    BigInteger first = new BigInteger(from);
    BigInteger count = new BigInteger(range.group(4)).subtract(first).add(BigInteger.ONE);
    if (count.signum() <= 0 || count.compareTo(BigInteger.valueOf(schema.size())) > 0) {
      throw TangentsException.user(
          "%s: '%s' names %s columns; the input has %d, and a range goes upwards",
          flag, range.group(), count.max(BigInteger.ZERO), schema.size());
    }
    String pattern = from.startsWith("0") ? "%0" + from.length() + "d" : "%d";
    return Stream.iterate(first, i -> i.add(BigInteger.ONE))
        .limit(count.intValueExact())
        .map(i -> range.group(1) + String.format(Locale.ROOT, pattern, i))
        .toList();
  }
}
