package dev.tangents.importer.onnx;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.nn.Normalisation;
import dev.tangents.op.nn.Softmax;
import dev.tangents.op.reduce.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations and softmax. */
final class NormOps {
  private static final double EPSILON = 1e-5;

  /** Up to this opset a softmax folds the axes from its own on into one. */
  private static final int LAST_FLATTENING = 12;

  private NormOps() {}

  /** Adds this family's rules. */
  static void register(OpTable table) {
    table.same("Softmax", call -> softmax(call, Softmax::softmax));
    table.same("LogSoftmax", call -> softmax(call, Softmax::logSoftmax));
    table.same("BatchNormalization", NormOps::batch);
    table.add("LayerNormalization", NormOps::layer);
    table.same("InstanceNormalization", call -> group(call, call.value(1).shape().dim(0)));
    table.same("GroupNormalization", call -> group(call, call.integer("num_groups", 1)));
    table.same("RMSNormalization", NormOps::rms);
  }

  private interface AlongAxis {
    Value apply(Value x, int axis);
  }

  private static Value softmax(NodeCall call, AlongAxis rule) {
    Value x = call.value(0);
    if (call.opset() > LAST_FLATTENING) {
      return rule.apply(x, x.shape().normalise((int) call.integer("axis", -1)));
    }
    int axis = x.shape().normalise((int) call.integer("axis", 1));
    Shape folded =
        Shape.of(x.shape().slice(0, axis).size(), x.shape().slice(axis, x.shape().rank()).size());
    return reshape(rule.apply(reshape(x, folded), 1), x.shape());
  }

  /** (x - mean) / sqrt(variance + epsilon) scale + shift with fixed mean and variance, all [C]. */
  private static Value batch(NodeCall call) {
    if (call.integer("training_mode", 0) != 0 || call.names(1)) {
      throw TangentsException.model(
          "it is in training mode, where samples see each other. Export the model in eval mode");
    }
    Value x = call.value(0);
    double epsilon = call.number("epsilon", EPSILON);
    double[] mean = call.literal(3).toArray();
    double[] variance = call.literal(4).toArray();
    double[] factor = new double[variance.length];
    double[] offset = new double[mean.length];
    for (int i = 0; i < factor.length; i++) {
      factor[i] = 1 / Math.sqrt(variance[i] + epsilon);
      offset[i] = -mean[i] * factor[i];
    }
    Value standard = Normalisation.affine(x, constant(call, factor), constant(call, offset), 1);
    return Normalisation.affine(standard, call.value(1), call.value(2), 1);
  }

  private static Value constant(NodeCall call, double[] values) {
    return call.builder().constant(Literal.of(TensorType.real(values.length), values));
  }

  /** The result, and on demand mean and 1 / sqrt(variance + epsilon) with axes of extent 1. */
  private static List<Tensor> layer(NodeCall call) {
    Tensor x = call.tensor(0);
    int axis = x.shape().normalise((int) call.integer("axis", -1));
    double epsilon = call.number("epsilon", EPSILON);
    Value centred = Normalisation.centred(x.value(), axis);
    Value y = Normalisation.rms(centred, axis, epsilon);
    y = mul(y, Broadcasting.to(call.value(1), x.shape()));
    y = call.has(2) ? add(y, Broadcasting.to(call.value(2), x.shape())) : y;
    List<Tensor> results = new ArrayList<>(List.of(x.with(y)));
    if (call.names(1) || call.names(2)) {
      Shape kept = x.shape().slice(0, axis);
      for (int i = axis; i < x.shape().rank(); i++) {
        kept = kept.insert(kept.rank(), 1);
      }
      int[] axes = IntStream.range(axis, x.shape().rank()).toArray();
      results.add(x.with(reshape(Sum.mean(x.value(), axes), kept)));
      results.add(x.with(reshape(Normalisation.inverseRms(centred, axis, epsilon), kept)));
    }
    return results;
  }

  private static Value rms(NodeCall call) {
    Value x = call.value(0);
    int axis = x.shape().normalise((int) call.integer("axis", -1));
    Value y = Normalisation.rms(x, axis, call.number("epsilon", EPSILON));
    return mul(y, Broadcasting.to(call.value(1), x.shape()));
  }

  /**
   * Statistics over groups of channels; a group is one channel for instance normalisation. Scale
   * and shift are [C], or [groups] up to opset 20.
   */
  private static Value group(NodeCall call, long groups) {
    Value x = call.value(0);
    Shape shape = x.shape();
    long channels = shape.dim(1);
    if (groups < 1 || channels % groups != 0) {
      throw TangentsException.model(
          "%d channels do not make %d groups of one size", channels, groups);
    }
    long rest = shape.size() / Math.max(1, shape.dim(0) * groups);
    Value grouped = reshape(x, shape.dim(0), groups, rest);
    Value y =
        reshape(Normalisation.standardise(grouped, 2, call.number("epsilon", EPSILON)), shape);
    return Normalisation.affine(
        y, perChannel(call.value(1), channels), perChannel(call.value(2), channels), 1);
  }

  private static Value perChannel(Value x, long channels) {
    long count = x.shape().size();
    Value column = reshape(x, count, 1);
    return reshape(Broadcasting.to(column, Shape.of(count, channels / count)), channels);
  }
}
