package dev.tangents.importer.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.importer.dl4j.Dl4jActivations.Unsupported;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.nn.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads the settings of layers over images, and of what turns rows into images and back. */
final class ImageReader {
  static final String PROCESSOR_PACKAGE = "org.deeplearning4j.nn.conf.preprocessor.";
  private static final int MOST_WIDTH = 1 << 28;

  private ImageReader() {}

  static Dl4jLayer convolution(JsonNode json, UnaryOperator<Value> activation) throws Unsupported {
    return new ImageLayer.Conv(
        number(json, "nin"),
        number(json, "nout"),
        json.path("hasBias").asBoolean(true),
        sliding(json),
        activation);
  }

  static Dl4jLayer pooling(JsonNode json) throws Unsupported {
    ImageLayer.Fold fold = fold(json);
    if (fold == ImageLayer.Fold.SUM) {
      throw new Unsupported("SubsamplingLayer with pooling of type SUM");
    }
    return new ImageLayer.Pool(
        fold, sliding(json), json.path("avgPoolIncludePadInDivisor").asBoolean(false));
  }

  static Dl4jLayer globalPooling(JsonNode json) throws Unsupported {
    JsonNode dimensions = json.path("poolingDimensions");
    boolean all =
        dimensions.isNull() || dimensions.isMissingNode() || dimensions.toString().equals("[2,3]");
    if (!all || !json.path("collapseDimensions").asBoolean(true)) {
      throw new Unsupported("GlobalPoolingLayer over other axes than height and width");
    }
    return new ImageLayer.GlobalPool(fold(json));
  }

  /** The shape that a preprocessor gives a sample. */
  static Shape shape(JsonNode json) throws Unsupported {
    requireChannelsFirst(json, "format");
    int height = number(json, "inputHeight");
    int width = number(json, "inputWidth");
    int channels = number(json, "numChannels");
    Shape image = Shape.of(channels, height, width);
    if (image.size() > MOST_WIDTH) {
      throw new Unsupported("images of shape " + image);
    }
    return isImage(json) ? image : Shape.of(image.size());
  }

  /** Whether a preprocessor makes images of rows. */
  static boolean isImage(JsonNode json) {
    return is(json, "FeedForwardToCnnPreProcessor");
  }

  /** Whether a preprocessor is one of the two that are known. */
  static boolean isKnown(JsonNode json) {
    return isImage(json) || is(json, "CnnToFeedForwardPreProcessor");
  }

  private static boolean is(JsonNode json, String name) {
    return json.path("@class").asText("").equals(PROCESSOR_PACKAGE + name);
  }

  private static ImageLayer.Fold fold(JsonNode json) throws Unsupported {
    String type = json.path("poolingType").asText();
    return switch (type) {
      case "MAX" -> ImageLayer.Fold.MAX;
      case "AVG" -> ImageLayer.Fold.AVG;
      case "SUM" -> ImageLayer.Fold.SUM;
      default -> throw new Unsupported("pooling of type " + Text.shown(type));
    };
  }

  private static ImageLayer.Sliding sliding(JsonNode json) throws Unsupported {
    requireChannelsFirst(json, "cnn2dDataFormat");
    String mode = json.path("convolutionMode").asText();
    if (!List.of("Truncate", "Strict", "Same").contains(mode)) {
      throw new Unsupported("convolutionMode " + Text.shown(mode));
    }
    List<Long> padding = pair(json, "padding", 0);
    try {
      Window window =
          new Window(
              pair(json, "kernelSize", 1), pair(json, "stride", 1), pair(json, "dilation", 1));
      return new ImageLayer.Sliding(window, mode.equals("Same"), padding);
    } catch (TangentsException e) {
      throw new Unsupported(e.getMessage());
    }
  }

  private static void requireChannelsFirst(JsonNode json, String field) throws Unsupported {
    if (!json.path(field).asText("NCHW").equals("NCHW")) {
      throw new Unsupported(field + " " + Text.shown(json.path(field).toString()));
    }
  }

  private static List<Long> pair(JsonNode json, String field, int least) throws Unsupported {
    JsonNode node = json.path(field);
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (element.canConvertToInt() && element.asInt() >= least && element.asInt() <= 1 << 16) {
        numbers.add(element.asLong());
      }
    }
    if (numbers.size() != 2 || node.size() != 2) {
      throw new Unsupported(field + " = " + Text.shown(node.toString()) + "; expected two numbers");
    }
    return numbers;
  }

  private static int number(JsonNode json, String field) throws Unsupported {
    JsonNode node = json.path(field);
    if (!node.canConvertToInt() || node.asInt() < 1 || node.asInt() > 1 << 16) {
      throw new Unsupported(field + " = " + Text.shown(node.toString()) + "; expected 1 to 65536");
    }
    return node.asInt();
  }
}
