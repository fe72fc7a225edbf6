package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Div.div;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.elementwise.Mul.scale;
import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.elementwise.Sqrt.sqrt;
import static dev.tangents.op.elementwise.Tanh.tanh;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.linalg.MatMul.matMulTransposed;
import static dev.tangents.op.reduce.Sum.sum;
import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Concat.concat;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Slice.slice;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Greater;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.index.Gather;
import dev.tangents.op.nn.Convolution;
import dev.tangents.op.nn.Recurrence;
import dev.tangents.op.nn.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Small networks, one for each way in which a parameter can meet a sample. All take x [D] to y [O].
 */
final class TestNetworks {
  static final int D = 4;
  private static final int H = 5;

  private TestNetworks() {}

  static Map<String, Graph> all() {
    Map<String, Graph> all = new LinkedHashMap<>();
    all.put("dense with bias", network(TestNetworks::dense));
    all.put("one output", network((b, x) -> reshape(matMul(hidden(b, x), param(b, "V", H, 1)), 1)));
    all.put("scaled bias", network(TestNetworks::scaledBias));
    all.put("softmax head", network((b, x) -> softmax(dense(b, x))));
    all.put("deep linear", network(TestNetworks::deepLinear));
    all.put("c W", network((b, x) -> read(b, matMul(row(x), scale(param(b, "W", D, H), 0.3)))));
    all.put(
        "-W / 2",
        network(
            (b, x) ->
                read(
                    b,
                    matMul(
                        row(x), div(scale(param(b, "W", D, H), -1), b.splat(Shape.of(D, H), 2))))));
    all.put(
        "W^T by flag", network((b, x) -> read(b, matMulTransposed(row(x), param(b, "W", H, D)))));
    all.put(
        "W^T by axes",
        network((b, x) -> read(b, matMul(row(x), transpose(param(b, "W", H, D), 1, 0)))));
    all.put(
        "W on the left",
        network((b, x) -> read(b, transpose(matMul(param(b, "W", H, D), reshape(x, D, 1)), 1, 0))));
    all.put(
        "reshaped W",
        network((b, x) -> read(b, matMul(row(x), reshape(param(b, "W", D * H), D, H)))));
    all.put("fused slices", network(TestNetworks::fusedSlices));
    all.put(
        "sliced rows",
        network((b, x) -> read(b, matMul(row(x), slice(param(b, "W", D + 3, H), 0, 2, D + 2)))));
    all.put("overlapping slices", network(TestNetworks::overlappingSlices));
    all.put("W twice", network(TestNetworks::twice));
    all.put("W and W^T", network(TestNetworks::tiedAutoencoder));
    all.put("weight norm", network(TestNetworks::weightNorm));
    all.put("W + B A", network(TestNetworks::lowRankUpdate));
    all.put("elementwise scale", network(TestNetworks::elementwiseScale));
    all.put("positions", network(TestNetworks::positions));
    all.put("convolution", network(TestNetworks::convolution));
    all.put("embedding", network(TestNetworks::embedding));
    all.put("embedding tied to the head", network(TestNetworks::tiedEmbedding));
    all.put("half an embedding", network(TestNetworks::halfEmbedding));
    all.put("recurrence", network(TestNetworks::recurrence));
    all.put("many uses on both sides", network(TestNetworks::bothSides));
    all.put("unused parameter", network((b, x) -> unused(b, x)));
    all.put("parameter as output", network((b, x) -> add(dense(b, x), param(b, "shift", 3))));
    return all;
  }

  private static Graph network(BiFunction<GraphBuilder, Value, Value> body) {
    GraphBuilder builder = new GraphBuilder();
    return builder.build(body.apply(builder, builder.input("x", TensorType.real(D))));
  }

  private static Value param(GraphBuilder b, String name, long... dims) {
    return b.parameter(name, TensorType.real(dims));
  }

  private static Value row(Value x) {
    return reshape(x, 1, x.shape().size());
  }

  private static Value bias(GraphBuilder b, Value z, String name) {
    Value bias = param(b, name, z.shape().dim(-1));
    return add(z, broadcast(bias, z.shape(), List.of(1)));
  }

  private static Value hidden(GraphBuilder b, Value x) {
    return relu(bias(b, matMul(row(x), param(b, "W", D, H)), "b"));
  }

  private static Value read(GraphBuilder b, Value z) {
    return reshape(matMul(tanh(z), param(b, "V", z.shape().dim(-1), 3)), 3);
  }

  private static Value dense(GraphBuilder b, Value x) {
    Value second = tanh(bias(b, matMul(hidden(b, x), param(b, "U", H, H)), "c"));
    return reshape(bias(b, matMul(second, param(b, "V", H, 3)), "d"), 3);
  }

  private static Value scaledBias(GraphBuilder b, Value x) {
    Value z = matMul(row(x), scale(param(b, "W", D, H), 0.7));
    Value bias = scale(slice(param(b, "b", 2 * H), 0, 2, H + 2), 0.1);
    return read(b, reshape(add(reshape(z, H), bias), 1, H));
  }

  private static Value softmax(Value y) {
    return dev.tangents.op.nn.Softmax.softmax(y, 0);
  }

  private static Value deepLinear(GraphBuilder b, Value x) {
    Value h = bias(b, matMul(row(x), param(b, "W", D, H)), "b");
    return reshape(bias(b, matMul(h, param(b, "V", H, 3)), "c"), 3);
  }

  private static Value fusedSlices(GraphBuilder b, Value x) {
    Value w = param(b, "W", D, 3 * H);
    Value q = matMul(row(x), slice(w, 1, 0, H));
    Value k = matMul(row(x), slice(w, 1, H, 2 * H));
    Value v = matMul(tanh(q), transpose(slice(slice(w, 1, 2 * H, 3 * H), 0, 0, 3), 1, 0));
    return reshape(add(v, matMul(mul(q, tanh(k)), param(b, "V", H, 3))), 3);
  }

  private static Value overlappingSlices(GraphBuilder b, Value x) {
    Value w = param(b, "W", D, 2 * H);
    Value left = matMul(row(x), slice(w, 1, 0, H));
    Value right = matMul(row(x), slice(w, 1, 2, H + 2));
    return read(b, add(left, tanh(right)));
  }

  private static Value twice(GraphBuilder b, Value x) {
    Value w = param(b, "W", D, D);
    return read(b, matMul(tanh(matMul(row(x), w)), scale(w, 0.5)));
  }

  private static Value tiedAutoencoder(GraphBuilder b, Value x) {
    Value w = param(b, "W", D, H);
    Value code = tanh(matMul(row(x), w));
    return reshape(matMulTransposed(code, w), D);
  }

  private static Value weightNorm(GraphBuilder b, Value x) {
    Value v = param(b, "v", D, H);
    Value norm = sqrt(sum(mul(v, v), 0));
    Value direction = div(v, broadcast(norm, v.shape(), List.of(1)));
    Value w = mul(direction, broadcast(param(b, "g", H), v.shape(), List.of(1)));
    return read(b, matMul(row(x), w));
  }

  private static Value lowRankUpdate(GraphBuilder b, Value x) {
    Value update = matMul(param(b, "B", D, 2), param(b, "A", 2, H));
    return read(b, matMul(row(x), add(param(b, "W", D, H), update)));
  }

  private static Value elementwiseScale(GraphBuilder b, Value x) {
    Value gamma = broadcast(param(b, "gamma", D), Shape.of(1, D), List.of(1));
    return read(b, mul(row(x), gamma));
  }

  private static Value positions(GraphBuilder b, Value x) {
    Value sequence = reshape(x, 2, 2);
    Value h = tanh(bias(b, matMul(sequence, param(b, "W", 2, H)), "b"));
    return reshape(sum(matMul(h, param(b, "V", H, 3)), 0), 3);
  }

  /** Two channels of five positions, of which a kernel of two sees each but the last twice. */
  private static Value convolution(GraphBuilder b, Value x) {
    Value image = reshape(concat(List.of(x, mul(x, x), slice(x, 0, 0, 2)), 0), 1, 2, 5);
    Window window = new Window(List.of(2L), List.of(1L), List.of(1L));
    Value z = tanh(Convolution.convolve(image, param(b, "W", 3, 2, 2), window, 1));
    return reshape(matMul(reshape(z, 1, 12), param(b, "V", 12, 3)), 3);
  }

  /** Four tokens of three, made from the signs of the features; the last counts from the end. */
  private static Value tokens(GraphBuilder b, Value x) {
    Value zero = b.splat(x.shape(), 0);
    Value turned = concat(List.of(slice(x, 0, 1, 4), slice(x, 0, 0, 1)), 0);
    Value ids = add(Greater.greater(x, zero), Greater.greater(turned, zero));
    Value last = b.constant(Literal.of(TensorType.real(D), new double[] {0, 0, 0, -3}));
    return add(ids, last);
  }

  private static Value embedding(GraphBuilder b, Value x) {
    Value h = tanh(Gather.gather(scale(param(b, "W", 3, H), 0.8), tokens(b, x)));
    return reshape(sum(matMul(h, param(b, "V", H, 3)), 0), 3);
  }

  private static Value tiedEmbedding(GraphBuilder b, Value x) {
    Value w = param(b, "W", 3, H);
    Value h = tanh(matMul(Gather.gather(w, tokens(b, x)), param(b, "U", H, H)));
    return reshape(sum(matMulTransposed(h, w), 0), 3);
  }

  /** A use that shows a part of the elements of another has no factor form with it. */
  private static Value halfEmbedding(GraphBuilder b, Value x) {
    Value w = param(b, "W", 3, H);
    Value h = tanh(Gather.gather(w, tokens(b, x)));
    Value y = matMulTransposed(slice(h, 1, 0, H - 1), slice(w, 1, 0, H - 1));
    return reshape(sum(y, 0), 3);
  }

  /** 12 steps. */
  private static Value recurrence(GraphBuilder b, Value x) {
    Value sequence = reshape(concat(List.of(x, scale(x, 0.5), tanh(x)), 0), 3L * D, 1);
    Value zero = b.splat(Shape.of(1, H), 0);
    List<Recurrence.State> states =
        Recurrence.forward(
            matMul(sequence, param(b, "W", 1, H)),
            3L * D,
            new Recurrence.State(zero, zero),
            Recurrence.simple(param(b, "R", H, H), Tanh::tanh));
    return read(b, states.get(states.size() - 1).hidden());
  }

  private static Value bothSides(GraphBuilder b, Value x) {
    Value w = param(b, "R", H, H);
    Value half = slice(param(b, "U", 2 * H, H), 0, 1, H + 1);
    Value h = hidden(b, x);
    for (int i = 0; i < 5; i++) {
      h = tanh(matMul(tanh(matMul(h, w)), half));
      h = tanh(transpose(matMul(w, matMulTransposed(half, h)), 1, 0));
    }
    return read(b, h);
  }

  private static Value unused(GraphBuilder b, Value x) {
    param(b, "spare", 2, 2);
    return dense(b, x);
  }
}
