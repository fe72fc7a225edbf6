package dev.tangents.importer.keras;

import static dev.tangents.op.shape.Reshape.reshape;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Text;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.index.Gather;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.Set;

/** Layers that are a product with a matrix, and embeddings. */
final class DenseLayers {
  /** Layers that act on the last axis alone, so that TimeDistributed adds nothing. */
  private static final Set<String> POINTWISE =
      Set.of("Dense", "Activation", "Dropout", "LayerNormalization", "ReLU", "LeakyReLU", "ELU");

  private DenseLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    table.add("Dense", DenseLayers::dense);
    table.add("Embedding", DenseLayers::embedding);
    table.add("TimeDistributed", DenseLayers::timeDistributed, List.of("layer"));
  }

  /** x W + b over the last axis of x. */
  private static Value dense(LayerCall call) {
    Value x = call.input();
    requireVectors(x);
    call.requireAbsent("quantization_config");
    call.requireAbsent("lora_rank");
    long in = x.shape().dim(-1);
    long units = call.integer("units");
    Value y = product(x, call.trained("kernel", in, units));
    if (call.flag("use_bias", true)) {
      y = Add.add(y, Broadcast.leading(call.trained("bias", units), y.shape()));
    }
    return call.activated(y);
  }

  /**
   * x W over the last axis of x.
   *
   * @param weight [in, out]
   * @return [..., out]
   */
  static Value product(Value x, Value weight) {
    Shape rest = x.shape().remove(-1);
    Value rows = reshape(x, rest.size(), x.shape().dim(-1));
    Shape result = rest.insert(rest.rank(), weight.shape().dim(1));
    return reshape(MatMul.matMul(rows, weight), result);
  }

  private static void requireVectors(Value x) {
    if (x.shape().rank() == 0) {
      throw TangentsException.model("its input is one number a sample; expected a vector");
    }
  }

  /** Rows of a table by the numbers of tokens. */
  private static Value embedding(LayerCall call) {
    call.requireAbsent("quantization_config");
    call.requireAbsent("lora_rank");
    if (call.flag("mask_zero", false)) {
      throw TangentsException.model(
          "setting 'mask_zero' is true: masks are not followed to the layers after it. Build the model"
              + " without the mask");
    }
    Value table = call.trained("embeddings", call.integer("input_dim"), call.integer("output_dim"));
    return Gather.gather(table, call.input());
  }

  private static Value timeDistributed(LayerCall call) {
    JsonNode inner = call.config().path("layer");
    String type = inner.path("class_name").asText();
    if (!POINTWISE.contains(type)) {
      throw TangentsException.model(
          "layer %s for each position is not supported; expected one of %s",
          Text.shown(type), POINTWISE.stream().sorted().toList());
    }
    LayerCall each = call.inner(inner, inner.path("config").path("name").asText());
    return LayerTable.find(type).orElseThrow().rule().apply(each);
  }
}
