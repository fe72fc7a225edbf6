package dev.tangents.importer.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of one JSON object. Remembers which were asked for, so that a field that nothing reads
 * (a misspelling) is an error. Every fault is of category MODEL and names the field.
 */
final class Attributes {
  /** Most elements of a shape: 2 GiB in double. */
  private static final long MOST_ELEMENTS = 1L << 28;

  private static final int MOST_RANK = 16;

  private final JsonNode json;
  private final Set<String> read = new TreeSet<>();

  Attributes(JsonNode json) {
    this.json = json;
  }

  /** The value of a field; absent and null are the same. */
  Optional<JsonNode> find(String field) {
    read.add(field);
    return Optional.ofNullable(json.get(field)).filter(node -> !node.isNull());
  }

  JsonNode require(String field) {
    return find(field).orElseThrow(() -> TangentsException.model("field '%s' is missing", field));
  }

  String text(String field) {
    return asText(field, require(field));
  }

  Optional<String> optionalText(String field) {
    return find(field).map(node -> asText(field, node));
  }

  /** A text or an array of texts. */
  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    JsonNode node = require(field);
    if (!node.isArray()) {
      return List.of(asText(field, node));
    }
    node.forEach(element -> texts.add(asText(field, element)));
    return texts;
  }

  boolean flag(String field) {
    JsonNode node = find(field).orElse(null);
    if (node != null && !node.isBoolean()) {
      throw expected(field, "true or false", node);
    }
    return node != null && node.booleanValue();
  }

  double number(String field) {
    return asNumber(field, require(field));
  }

  double number(String field, double otherwise) {
    return find(field).map(node -> asNumber(field, node)).orElse(otherwise);
  }

  long integer(String field) {
    return asInteger(field, require(field));
  }

  int axis(String field) {
    return asAxis(field, require(field));
  }

  int axis(String field, int otherwise) {
    return find(field).map(node -> asAxis(field, node)).orElse(otherwise);
  }

  /** Axes counted from 0. */
  List<Integer> axes(String field) {
    List<Integer> axes = new ArrayList<>();
    for (JsonNode node : array(field, MOST_RANK)) {
      int axis = asAxis(field, node);
      if (axis < 0) {
        throw expected(field, "axes counted from 0", node);
      }
      axes.add(axis);
    }
    return axes;
  }

  /** Extents of at least 1 with a product of at most 2^28. */
  Shape shape(String field) {
    JsonNode array = array(field, MOST_RANK);
    long[] dims = new long[array.size()];
    long size = 1;
    for (int i = 0; i < dims.length; i++) {
      dims[i] = asInteger(field, array.get(i));
      if (dims[i] < 1 || dims[i] > MOST_ELEMENTS || size * dims[i] > MOST_ELEMENTS) {
        throw expected(field, "extents of at least 1 and at most 2^28 elements", array);
      }
      size *= dims[i];
    }
    return Shape.of(dims);
  }

  JsonNode array(String field, int most) {
    JsonNode node = require(field);
    if (!node.isArray() || node.size() > most) {
      throw expected(field, "an array of at most " + most, node);
    }
    return node;
  }

  /** The fields of an object, in the file's order; absent is empty. */
  JsonNode object(String field) {
    JsonNode node =
        find(field).orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    if (!node.isObject() && !node.isMissingNode()) {
      throw expected(field, "an object", node);
    }
    return node;
  }

  /** Fails if the object has a field that nothing asked for. */
  void requireNoOthers() {
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!read.contains(name)) {
                throw TangentsException.model(
                    "unknown field '%s'; expected one of %s", Text.shown(name), read);
              }
            });
  }

  static double asNumber(String field, JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw expected(field, "a finite number", node);
    }
    return node.doubleValue();
  }

  private static long asInteger(String field, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw expected(field, "an integer", node);
    }
    return node.longValue();
  }

  private static int asAxis(String field, JsonNode node) {
    long axis = asInteger(field, node);
    if (Math.abs(axis) > MOST_RANK) {
      throw expected(field, "an axis from -16 to 16", node);
    }
    return (int) axis;
  }

  private static String asText(String field, JsonNode node) {
    if (!node.isTextual()) {
      throw expected(field, "a text", node);
    }
    return node.textValue();
  }

  private static TangentsException expected(String field, String what, JsonNode found) {
    String text =
        found.isContainerNode() && found.size() > 20 ? "" + found.getNodeType() : found.toString();
    return TangentsException.model(
        "field '%s': expected %s, got %s", field, what, Text.shown(text));
  }
}
