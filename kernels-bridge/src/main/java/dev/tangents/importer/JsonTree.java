package dev.tangents.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tangents.error.TangentsException;
import java.io.IOException;

/**
 * JSON as a plain tree: no type names are looked at, so nothing in a file chooses a Java class.
 * Depth, number length and string length are bounded by Jackson's defaults.
 */
public final class JsonTree {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonTree() {}

  /**
   * Parses {@code bytes} as one JSON object.
   *
   * @throws TangentsException of category MODEL with line and column if they are not
   */
  public static JsonNode parseObject(byte[] bytes) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (!node.isObject()) {
        throw TangentsException.model("JSON: expected an object, got %s", node.getNodeType());
      }
      return node;
    } catch (JsonProcessingException e) {
      throw TangentsException.model(
              "JSON: malformed at line %d, column %d: %s",
              e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
              e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
              Text.shown(e.getOriginalMessage()))
          .causedBy(e);
    } catch (IOException e) {
      throw TangentsException.model("JSON: %s", Text.shown(String.valueOf(e.getMessage())))
          .causedBy(e);
    }
  }
}
