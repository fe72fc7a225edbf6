package dev.tangents.derivative;

import static dev.tangents.op.elementwise.Add.add;
import static dev.tangents.op.shape.Broadcast.broadcast;
import static dev.tangents.op.shape.Reshape.reshape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.exec.Engine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.kernel.GradientNorms;
import dev.tangents.op.elementwise.Relu;
import dev.tangents.op.elementwise.Softplus;
import dev.tangents.op.elementwise.Tanh;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Activations;
import dev.tangents.testkit.Engines;
import dev.tangents.testkit.Runs;
import dev.tangents.testkit.Vectors;
import dev.tangents.transform.Batch;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every quantity against PyTorch's torch.func in double: {@code goldens/derivatives.json}, made by
 * the script beside it, which holds the versions too.
 */
class DerivativeGoldensTest {
  /** Two exact orders of a few hundred operations; the engine's own tolerance if that is wider. */
  private static final double CLOSE = 1e-10;

  private static final Map<String, UnaryOperator<Value>> ACTIVATIONS =
      Map.of(
          "tanh", Tanh::tanh,
          "relu", Relu::relu,
          "gelu", Activations::gelu,
          "softplus", Softplus::softplus);

  private static final JsonNode GOLDENS = read();
  private static final int N = GOLDENS.get("samples").asInt();

  private static final Map<String, Loss> LOSSES =
      Map.of(
          "mse", Losses.meanSquare(),
          "binary-cross-entropy", Losses.binaryCrossEntropy(),
          "softmax-cross-entropy", Losses.softmaxCrossEntropy(),
          "huber", Losses.huber(GOLDENS.get("delta").asDouble()),
          "hinge", Losses.hinge());

  private static JsonNode read() {
    try (InputStream in =
        DerivativeGoldensTest.class.getResourceAsStream("/goldens/derivatives.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Golden> cases() {
    return StreamSupport.stream(GOLDENS.get("cases").spliterator(), false).map(Golden::new);
  }

  @Test
  void thereAreCasesOfEveryKind() {
    assertEquals(40, cases().count());
    assertTrue(GOLDENS.get("torch").asText().startsWith("2."), "the version of PyTorch");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void quantitiesAreThoseOfPyTorch(Golden golden) {
    Map<String, Engine> engines = new LinkedHashMap<>();
    Map<String, Double> tolerances = new LinkedHashMap<>();
    for (Engines.Entry entry : Engines.all()) {
      engines.put(entry.name(), entry.open().get());
      tolerances.put(entry.name(), Math.max(CLOSE, entry.tolerance()));
    }
    Set<String> compared = new TreeSet<>();
    try {
      for (Run run : golden.runs()) {
        Graph graph = Runs.simplified(run.graph());
        for (Map.Entry<String, Engine> engine : engines.entrySet()) {
          List<double[]> results =
              Runs.on(engine.getValue(), graph, golden.weights(), run.inputs());
          for (int i = 0; i < run.names().size(); i++) {
            String name = run.names().get(i);
            Vectors.assertClose(
                golden.numbers("expected", name),
                results.get(i),
                tolerances.get(engine.getKey()),
                name + " on " + engine.getKey());
            compared.add(name);
          }
        }
      }
    } finally {
      engines.values().forEach(Engine::close);
    }
    assertEquals(golden.quantities(), compared, "all quantities of the file are compared");
  }

  /** A graph over the batch, its inputs, and the names of its results in the file. */
  private record Run(Graph graph, List<double[]> inputs, List<String> names) {}

  /** A case of the file. */
  record Golden(JsonNode json) {
    @Override
    public String toString() {
      return json.get("name").asText();
    }

    private double[] numbers(String part, String name) {
      return StreamSupport.stream(json.get(part).get(name).spliterator(), false)
          .mapToDouble(JsonNode::asDouble)
          .toArray();
    }

    private Set<String> quantities() {
      Set<String> names = new TreeSet<>();
      json.get("expected").fieldNames().forEachRemaining(names::add);
      return names;
    }

    private int width(int layer) {
      return json.get("widths").get(layer).asInt();
    }

    private Graph network() {
      UnaryOperator<Value> activation = ACTIVATIONS.get(json.get("activation").asText());
      GraphBuilder b = new GraphBuilder();
      Value x = b.input("x", TensorType.real(width(0)));
      Value h = reshape(x, 1, width(0));
      for (int layer = 1; layer <= 3; layer++) {
        Value w = b.parameter("W" + layer, TensorType.real(width(layer - 1), width(layer)));
        h = MatMul.matMul(h, w);
        if (json.get("bias").asBoolean()) {
          Value bias = b.parameter("b" + layer, TensorType.real(width(layer)));
          h = add(h, broadcast(bias, h.shape(), List.of(1)));
        }
        h = layer < 3 ? activation.apply(h) : h;
      }
      return b.build(reshape(h, width(3)));
    }

    private Weights weights() {
      Map<String, Literal> values = new LinkedHashMap<>();
      for (Node.Parameter p : network().parameters()) {
        values.put(p.name(), Literal.of(p.type(), numbers("weights", p.name())));
      }
      return Weights.of(values);
    }

    private List<String> parameters() {
      return network().parameters().stream().map(Node.Parameter::name).toList();
    }

    private List<String> each(String quantity) {
      return parameters().stream().map(name -> quantity + " " + name).toList();
    }

    private List<Run> runs() {
      Graph f = network();
      List<String> x = List.of("x");
      double[] samples = numbers("data", "x");
      double[] tangent = numbers("data", "tangent");
      double[] cotangent = numbers("data", "cotangent");
      List<Run> runs = new ArrayList<>();
      runs.add(batched(f, List.of("output"), samples));
      runs.add(batched(Jacobians.forward(f, x), List.of("input-jacobian"), samples));
      runs.add(batched(Jacobians.reverse(f, x), List.of("input-jacobian"), samples));
      runs.add(batched(Jacobians.of(f, parameters()), each("parameter-jacobian"), samples));
      runs.add(batched(Hessians.forwardOverReverse(f, x), List.of("hessian"), samples));
      runs.add(batched(Hessians.reverseOverReverse(f, x), List.of("hessian"), samples));
      runs.add(batched(Hessians.forwardOverForward(f, x), List.of("hessian"), samples));
      runs.add(batched(Laplacians.of(f, "x"), List.of("laplacian"), samples));
      runs.add(batched(Jvp.of(f, x), List.of("jvp"), samples, tangent));
      Graph pulled = Vjp.of(f, x);
      runs.add(batched(pulled, List.of("vjp"), samples, cotangent));
      runs.add(batched(Jvp.of(pulled, x), List.of("input-hvp"), samples, cotangent, tangent));
      if (width(0) == width(3)) {
        List<String> three = List.of("determinant-sign", "determinant-log", "determinant");
        runs.add(batched(Determinants.of(f, "x"), three, samples));
      }
      LOSSES.forEach((name, loss) -> runs.addAll(ofLoss(name, Losses.on(f, loss), samples)));
      runs.add(parameterHvp(Losses.on(f, Losses.meanSquare()), samples));
      return runs;
    }

    private List<Run> ofLoss(String name, Graph loss, double[] samples) {
      double[] target = numbers("targets", name);
      List<String> gradients = new ArrayList<>(List.of(name + " losses"));
      gradients.addAll(each(name + " gradient"));
      return List.of(
          new Run(Gradients.perSample(loss, parameters(), N), List.of(samples, target), gradients),
          batched(
              GradientNorms.of(loss, parameters()),
              List.of(name + " losses", name + " norms"),
              samples,
              target));
    }

    /** The Hessian of the mean loss times a direction, whose first result is the mean's slope. */
    private Run parameterHvp(Graph loss, double[] samples) {
      Graph pushed = Jvp.of(Gradients.mean(loss, parameters(), N), parameters());
      List<Integer> results = pushed.outputs().subList(1, pushed.outputs().size());
      List<double[]> inputs = new ArrayList<>(List.of(samples, numbers("targets", "mse")));
      parameters().forEach(name -> inputs.add(numbers("direction", name)));
      return new Run(pushed.withOutputs(results), inputs, each("parameter-hvp"));
    }

    private static Run batched(Graph one, List<String> names, double[]... inputs) {
      Set<String> all =
          one.inputs().stream().map(Node.Input::name).collect(Collectors.toUnmodifiableSet());
      return new Run(Batch.of(one, all, N), List.of(inputs), names);
    }
  }
}
