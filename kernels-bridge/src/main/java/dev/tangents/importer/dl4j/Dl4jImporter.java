package dev.tangents.importer.dl4j;

import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelImporter;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.ModelValue;
import dev.tangents.importer.Text;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a {@code MultiLayerNetwork} or {@code ComputationGraph} saved by {@code
 * ModelSerializer.writeModel}. Parameters keep the names of {@code paramTable()}: {@code 0_W} [in,
 * out], {@code 0_b} [out], {@code 1_gamma}, {@code 1_beta}. The running mean and variance of a
 * batch normalisation are constants, so P is {@code numParams()} without them. The output is what
 * {@code output()} gives or, as {@link ModelOutput#LOGITS}, the value before the last layer's
 * activation.
 */
public final class Dl4jImporter implements ModelImporter {
  /** Stateless. */
  public Dl4jImporter() {}

  @Override
  public boolean accepts(String spec) {
    return spec.toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  @Override
  public String form() {
    return "FILE.zip  (a Deeplearning4j MultiLayerNetwork or ComputationGraph saved by ModelSerializer)";
  }

  @Override
  public Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    Dl4jNetwork network = Dl4jNetwork.read(open.apply(spec), options.maxBytes());
    Coefficients coefficients = new Coefficients(network.coefficients());
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TensorType.real(network.inputs()));
    Map<String, Value> values = new HashMap<>();
    values.put(Vertex.INPUT, x);
    for (Vertex vertex : network.vertices()) {
      String name = vertex.name();
      graph.origin(Text.shown(name));
      Value merged = vertex.merge().apply(vertex.inputs().stream().map(values::get).toList());
      Value y = vertex.layer().preActivation(name + "_", merged, coefficients);
      boolean plain = name.equals(network.output()) && options.output().equals(ModelOutput.LOGITS);
      values.put(name, plain ? y : vertex.layer().activation().apply(y));
    }
    String description =
        "Deeplearning4j network " + spec + ", " + network.vertices().size() + " layers";
    Value result = values.get(network.output());
    return new Model(graph.build(result), coefficients.weights(), description, network.sha256())
        .withOutput(ModelValue.of(network.output(), result.shape()));
  }
}
