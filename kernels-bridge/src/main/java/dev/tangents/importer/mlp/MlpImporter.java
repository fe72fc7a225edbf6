package dev.tangents.importer.mlp;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.elementwise.Mul.scale;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ActivationTable;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Layers;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelImporter;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Random fully connected networks, {@code mlp:784-1024-1:relu?param=ntk&seed=7}. Layer i has the
 * parameters {@code i.weight} [in, out] and, with {@code bias=true}, {@code i.bias} [out]. The
 * factors of a {@link Parametrisation} stand in the graph between a parameter and its use, so the
 * gradient by a parameter carries them.
 */
public final class MlpImporter implements ModelImporter {
  /** Stateless. */
  public MlpImporter() {}

  @Override
  public boolean accepts(String spec) {
    return spec.startsWith(MlpSpec.PREFIX);
  }

  @Override
  public String form() {
    return "mlp:784-1024-1:relu?param=ntk|standard|mean-field&bias=true|false&seed=0&out=identity"
        + "  (a random network)";
  }

  @Override
  public Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    MlpSpec network = MlpSpec.parse(spec);
    if (network.parameterCount() > options.maxBytes() / Double.BYTES) {
      throw TangentsException.user(
          "model '%s': %d parameters need more than the %d bytes that a model may take",
          spec, network.parameterCount(), options.maxBytes());
    }
    Map<String, Literal> weights = new LinkedHashMap<>();
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TensorType.real(network.widths().get(0)));
    int layers = network.widths().size() - 1;
    for (int i = 0; i < layers; i++) {
      x = layer(network, i, x, weights);
      if (i + 1 < layers) {
        x = ActivationTable.find(network.activation()).orElseThrow().apply(x);
      } else if (options.output().equals(ModelOutput.OUTPUT)) {
        x = ActivationTable.find(network.out()).orElseThrow().apply(x);
      }
    }
    return new Model(
        graph.build(x),
        Weights.of(weights),
        "random network " + spec,
        Sha256.hex(spec.getBytes(StandardCharsets.UTF_8)));
  }

  private static Value layer(MlpSpec network, int i, Value x, Map<String, Literal> weights) {
    int in = network.widths().get(i);
    int out = network.widths().get(i + 1);
    Parametrisation parametrisation = network.parametrisation();
    GraphBuilder graph = x.builder().origin(Integer.toString(i));
    Value weight = graph.parameter(i + ".weight", TensorType.real(in, out));
    draw(network, i + ".weight", weight.type(), parametrisation.weightDeviation(in), weights);
    double factor = parametrisation.weightFactor(i, in, network.activation());
    Value y = Layers.linear(x, scale(weight, factor));
    if (!network.bias()) {
      return y;
    }
    Value bias = graph.parameter(i + ".bias", TensorType.real(out));
    draw(network, i + ".bias", bias.type(), parametrisation.biasDeviation(), weights);
    return add(y, scale(bias, parametrisation.biasFactor()));
  }

  private static void draw(
      MlpSpec network,
      String name,
      TensorType type,
      double deviation,
      Map<String, Literal> weights) {
    int count = type.shape().intSize();
    weights.put(
        name, Literal.of(type, new CounterNormals(network.seed(), name).take(count, deviation)));
  }
}
