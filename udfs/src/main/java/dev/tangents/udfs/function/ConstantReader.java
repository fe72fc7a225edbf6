package dev.tangents.udfs.function;

import dev.tangents.error.TangentsException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;

/** Evaluates the arguments of a call that must be constants. */
final class ConstantReader {
  private final Map<Argument, Object> values = new EnumMap<>(Argument.class);
  private Options options = Options.none();

  private ConstantReader() {}

  /**
   * The constants of a call, whose arguments are resolved.
   *
   * @throws TangentsException of category USER that says what is wrong
   */
  static Constants of(Form<?> form, List<Expression> arguments) {
    ConstantReader reader = new ConstantReader();
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = form.argument(i);
      if (argument.content().isEmpty()) {
        reader.read(argument, arguments.get(i));
      }
    }
    return Constants.of(form, reader.values, reader.options.of(form));
  }

  private void read(Argument argument, Expression expression) {
    if (!expression.foldable()) {
      throw TangentsException.user(
          "%s: expected a constant, got %s. Write it into the query, or run a query for each",
          argument.label(), expression.sql());
    }
    Object value = expression.eval(null);
    if (value == null) {
      throw TangentsException.user("%s: expected a value, got NULL", argument.label());
    }
    DataType type = expression.dataType();
    switch (argument) {
      case SIZE -> values.put(argument, number(argument, value, type, 1, Integer.MAX_VALUE));
      case SEED -> values.put(argument, number(argument, value, type, 0, Long.MAX_VALUE));
      case OPTIONS ->
          options =
              type instanceof MapType map
                  ? new Options(pairs((MapData) value, map))
                  : Options.parse(text(argument, value, type));
      default -> values.put(argument, text(argument, value, type));
    }
  }

  private static String text(Argument argument, Object value, DataType type) {
    if (!(type instanceof StringType)) {
      throw TangentsException.user(
          "%s: expected a string, got %s of type %s", argument.label(), value, type.simpleString());
    }
    return value.toString();
  }

  private static long number(
      Argument argument, Object value, DataType type, long least, long most) {
    long number = type instanceof IntegralType ? ((Number) value).longValue() : least - 1;
    if (number < least || number > most) {
      throw TangentsException.user(
          "%s: expected a whole number, %d to %d, got %s of type %s",
          argument.label(), least, most, value, type.simpleString());
    }
    return number;
  }

  private static Map<String, String> pairs(MapData map, MapType type) {
    if (!(type.keyType() instanceof StringType) || !(type.valueType() instanceof StringType)) {
      throw TangentsException.user(
          "options: expected a string or a map of strings, got %s", type.simpleString());
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < map.numElements(); i++) {
      UTF8String value = map.valueArray().getUTF8String(i);
      pairs.put(map.keyArray().getUTF8String(i).toString(), String.valueOf(value));
    }
    return pairs;
  }
}
