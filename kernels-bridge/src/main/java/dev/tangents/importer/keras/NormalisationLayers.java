package dev.tangents.importer.keras;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Transpose.moveAxis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Max;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Power;
import dev.tangents.op.nn.Normalisation;
import dev.tangents.op.reduce.Sum;
import dev.tangents.op.shape.Broadcast;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Normalisations, by fixed statistics or by the sample's own. */
final class NormalisationLayers {
  /** Keras's least standard deviation for the layer Normalization. */
  private static final double LEAST_DEVIATION = 1e-7;

  /** Keras's least norm for the layer UnitNormalization. */
  private static final double LEAST_NORM = 1e-12;

  private NormalisationLayers() {}

  /** Adds this family's rules. */
  static void register(LayerTable table) {
    table.add("BatchNormalization", NormalisationLayers::batch);
    table.add("LayerNormalization", NormalisationLayers::layer);
    table.add("GroupNormalization", NormalisationLayers::group);
    table.add("RMSNormalization", NormalisationLayers::rms);
    table.add("UnitNormalization", call -> unit(call.input(), axes(call)));
    table.add("Normalization", NormalisationLayers::standard);
    table.add("Rescaling", NormalisationLayers::rescaling);
  }

  private static List<Integer> axes(LayerCall call) {
    return call.axes("axis", call.input().shape());
  }

  /** gamma (x - mean) / sqrt(variance + epsilon) + beta, with the moving mean and variance. */
  private static Value batch(LayerCall call) {
    call.requireAbsent("renorm");
    Value x = call.input();
    int axis = call.axis("axis", x.shape());
    long n = x.shape().dim(axis);
    Value gamma = call.flag("scale", true) ? call.trained("gamma", n) : null;
    Value beta = call.flag("center", true) ? call.trained("beta", n) : null;
    double[] mean = call.untrained("moving_mean", n).toArray();
    double[] variance = call.untrained("moving_variance", n).toArray();
    double epsilon = call.number("epsilon", 1e-3);
    double[] factor = new double[mean.length];
    double[] offset = new double[mean.length];
    for (int i = 0; i < factor.length; i++) {
      factor[i] = 1 / Math.sqrt(variance[i] + epsilon);
      offset[i] = -mean[i] * factor[i];
    }
    Value y = Normalisation.affine(x, vector(x, factor), vector(x, offset), axis);
    return affine(y, gamma, beta, List.of(axis));
  }

  private static Value vector(Value x, double... values) {
    return x.builder().constant(Literal.of(TensorType.real(values.length), values));
  }

  private static Value affine(Value x, Value gamma, Value beta, List<Integer> axes) {
    Value y = gamma == null ? x : mul(x, Broadcast.broadcast(gamma, x.shape(), axes));
    return beta == null ? y : Add.add(y, Broadcast.broadcast(beta, x.shape(), axes));
  }

  private static Value layer(LayerCall call) {
    call.requireAbsent("rms_scaling");
    Value x = call.input();
    List<Integer> axes = trailing(call);
    long[] dims = x.shape().slice(axes.get(0), x.shape().rank()).dims();
    Value gamma = call.flag("scale", true) ? call.trained("gamma", dims) : null;
    Value beta = call.flag("center", true) ? call.trained("beta", dims) : null;
    Value y = Normalisation.standardise(x, axes.get(0), call.number("epsilon", 1e-3));
    return affine(y, gamma, beta, axes);
  }

  private static Value rms(LayerCall call) {
    Value x = call.input();
    List<Integer> axes = trailing(call);
    long[] dims = x.shape().slice(axes.get(0), x.shape().rank()).dims();
    Value scale = call.trained("scale", dims);
    return affine(
        Normalisation.rms(x, axes.get(0), call.number("epsilon", 1e-6)), scale, null, axes);
  }

  private static List<Integer> trailing(LayerCall call) {
    List<Integer> axes = axes(call);
    int rank = call.input().shape().rank();
    if (!axes.equals(IntStream.range(rank - axes.size(), rank).boxed().toList())) {
      throw call.unfit("axis", "the last axis, or the last ones");
    }
    return axes;
  }

  /** Statistics over groups of channels and all positions (Wu and He 2018). */
  private static Value group(LayerCall call) {
    Value x = call.input();
    int axis = call.axis("axis", x.shape());
    long channels = x.shape().dim(axis);
    long groups = call.integer("groups", 32);
    groups = groups == -1 ? channels : groups;
    if (groups < 1 || channels % groups != 0) {
      throw TangentsException.model(
          "%d channels do not make %d groups of one size", channels, groups);
    }
    Value gamma = call.flag("scale", true) ? call.trained("gamma", channels) : null;
    Value beta = call.flag("center", true) ? call.trained("beta", channels) : null;
    Value first = moveAxis(x, axis, 0);
    Value grouped = reshape(first, groups, x.shape().size() / groups);
    Value normal =
        reshape(Normalisation.standardise(grouped, 1, call.number("epsilon", 1e-3)), first.shape());
    return affine(moveAxis(normal, 0, axis), gamma, beta, List.of(axis));
  }

  /** x / max(|x|, 1e-12), |x| the Euclidean norm over the axes. */
  static Value unit(Value x, List<Integer> axes) {
    Value square = Sum.sum(mul(x, x), axes);
    Value least = square.builder().splat(square.shape(), LEAST_NORM * LEAST_NORM);
    Value inverse = Power.power(Max.max(square, least), -0.5);
    List<Integer> rest =
        IntStream.range(0, x.shape().rank()).filter(a -> !axes.contains(a)).boxed().toList();
    return mul(x, Broadcast.broadcast(inverse, x.shape(), rest));
  }

  /** (x - mean) / deviation with fixed numbers, of the settings or adapted to data. */
  private static Value standard(LayerCall call) {
    call.requireAbsent("invert");
    Value x = call.input();
    Shape kept = Shape.scalar();
    List<Integer> axes = call.has("axis") ? axes(call) : List.of();
    for (int axis : axes) {
      kept = kept.insert(kept.rank(), x.shape().dim(axis));
    }
    double[] mean;
    double[] variance;
    if (call.has("mean")) {
      mean = numbers(call, "mean", kept);
      variance = numbers(call, "variance", kept);
    } else {
      mean = call.untrained("mean", kept.dims()).toArray();
      variance = call.untrained("variance", kept.dims()).toArray();
      call.variables().skip("count");
    }
    double[] factor = new double[mean.length];
    double[] offset = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      factor[i] = 1 / Math.max(Math.sqrt(variance[i]), LEAST_DEVIATION);
      offset[i] = -mean[i] * factor[i];
    }
    TensorType type = TensorType.real(kept);
    Value scale = x.builder().constant(Literal.of(type, factor));
    Value shift = x.builder().constant(Literal.of(type, offset));
    return affine(x, scale, shift, axes);
  }

  /** The numbers of a setting, one or as many as the shape has. */
  private static double[] numbers(LayerCall call, String key, Shape shape) {
    double[] numbers = flat(call.config().path(key)).toArray();
    if (Arrays.stream(numbers).anyMatch(n -> !Double.isFinite(n))) {
      throw call.unfit(key, "numbers");
    }
    if (numbers.length == 1) {
      return Literal.splat(TensorType.real(shape), numbers[0]).toArray();
    }
    if (numbers.length != shape.size()) {
      throw call.unfit(key, shape.size() + " numbers");
    }
    return numbers;
  }

  private static DoubleStream flat(JsonNode node) {
    if (node.isObject()) {
      return flat(node.path("config").path("value"));
    }
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(NormalisationLayers::flat)
        : DoubleStream.of(node.asDouble(Double.NaN));
  }

  /** scale x + offset. */
  private static Value rescaling(LayerCall call) {
    Value x = call.input();
    Shape last = Shape.of(x.shape().dim(-1));
    Value scaled = Mul.mul(x, along(x, numbers(call, "scale", last)));
    return call.has("offset") ? Add.add(scaled, along(x, numbers(call, "offset", last))) : scaled;
  }

  private static Value along(Value x, double... numbers) {
    return Broadcast.broadcast(vector(x, numbers), x.shape(), List.of(x.shape().rank() - 1));
  }
}
