package dev.tangents.importer.keras;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Softmax;
import dev.tangents.op.shape.Broadcast;
import java.util.List;

/**
 * Multi-head attention (Vaswani et al. 2017): softmax(Q K^T / sqrt(k)) V for each of H heads, with
 * Q, K and V affine in query, key and value.
 */
final class AttentionLayers {
  /** What Keras adds to a score that a mask excludes. */
  private static final double EXCLUDED = -1e9;

  private AttentionLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    table.add(
        "MultiHeadAttention",
        AttentionLayers::multiHead,
        List.of("query_dense", "key_dense", "value_dense", "output_dense"));
  }

  private static Value multiHead(LayerCall call) {
    requireSupported(call);
    Value query = call.inputs().get(0);
    Value value = call.inputs().get(1);
    Value key = call.inputs().size() == 3 ? call.inputs().get(2) : value;
    long heads = call.integer("num_heads");
    long keyDim = call.integer("key_dim");
    long valueDim = call.integer("value_dim", keyDim);
    Value q = heads(call, "query", query, heads, keyDim);
    Value k = heads(call, "key", key, heads, keyDim);
    Value v = heads(call, "value", value, heads, valueDim);
    Value scores =
        MatMul.matMulTransposed(Mul.scale(q, 1 / Math.sqrt((double) keyDim)), k); // [H, T, S]
    if (call.arguments().path("use_causal_mask").asBoolean(false)) {
      scores = add(scores, causal(scores));
    }
    Value mixed = MatMul.matMul(Softmax.softmax(scores, -1), v); // [H, T, value]
    long positions = mixed.shape().dim(1);
    Value joined = reshape(transpose(mixed, 1, 0, 2), positions, heads * valueDim);
    long width =
        call.has("output_shape") ? call.integers("output_shape", 1).get(0) : query.shape().dim(1);
    Value weight = call.trained("attention_output/kernel", heads, valueDim, width);
    Value y = DenseLayers.product(joined, reshape(weight, heads * valueDim, width));
    return biased(call, "attention_output/bias", y, width);
  }

  private static void requireSupported(LayerCall call) {
    call.requireAbsent("use_gate");
    call.requireAbsent("sliding_window");
    List<Value> inputs = call.inputs();
    boolean fits =
        (inputs.size() == 2 || inputs.size() == 3)
            && inputs.stream().allMatch(x -> x.shape().rank() == 2);
    if (!fits) {
      throw TangentsException.model(
          "it has inputs of shapes %s; expected query and value [T, D] for a sample, and key",
          inputs.stream().map(Value::shape).toList());
    }
    if (call.has("attention_axes") && !call.integers("attention_axes").equals(List.of(1L))) {
      throw call.unfit("attention_axes", "[1]");
    }
  }

  /** x W + b as [H, T, w]. */
  private static Value heads(LayerCall call, String name, Value x, long heads, long width) {
    long in = x.shape().dim(1);
    Value weight = call.trained(name + "/kernel", in, heads, width);
    Value y = DenseLayers.product(x, reshape(weight, in, heads * width));
    y = biased(call, name + "/bias", y, heads, width);
    return transpose(reshape(y, x.shape().dim(0), heads, width), 1, 0, 2);
  }

  private static Value biased(LayerCall call, String name, Value y, long... dims) {
    if (!call.flag("use_bias", true)) {
      return y;
    }
    Value bias = reshape(call.trained(name, dims), Shape.of(dims).size());
    return add(y, Broadcast.leading(bias, y.shape()));
  }

  private static Value causal(Value scores) {
    int rows = Math.toIntExact(scores.shape().dim(1));
    int columns = Math.toIntExact(scores.shape().dim(2));
    double[] mask = new double[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % columns > i / columns ? EXCLUDED : 0;
    }
    Literal literal = Literal.of(TensorType.real(rows, columns), mask);
    return Broadcast.leading(scores.builder().constant(literal), scores.shape());
  }
}
