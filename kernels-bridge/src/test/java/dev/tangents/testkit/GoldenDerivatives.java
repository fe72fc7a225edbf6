package dev.tangents.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.derivative.Gradients;
import dev.tangents.derivative.Jacobians;
import dev.tangents.derivative.Losses;
import dev.tangents.exec.Engine;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.testkit.Golden.Numbers;
import dev.tangents.transform.Jvp;
import dev.tangents.transform.Vjp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requires an imported network to have the outputs and derivatives that PyTorch computed. */
public final class GoldenDerivatives {
  /** Two libraries in double, a few hundred roundings each. */
  private static final double TOLERANCE = 1e-10;

  private final Model model;
  private final Golden golden;
  private final List<double[]> inputs;
  private final boolean real;

  /** The network and its goldens. */
  public GoldenDerivatives(Model model, Golden golden) {
    this.model = model;
    this.golden = golden;
    this.inputs = golden.rows("inputs");
    this.real = model.graph().inputs().get(0).type().isReal();
  }

  /** Outputs of each sample, in double and in float. */
  public void assertOutputs() {
    List<double[]> outputs = golden.rows("outputs");
    for (int n = 0; n < inputs.size(); n++) {
      Everywhere.assertResults(
          List.of(outputs.get(n)),
          model.graph(),
          model.weights(),
          List.of(inputs.get(n)),
          TOLERANCE);
    }
  }

  /** P, and the names of the parameters, which are the module's own. */
  public void assertParameters() {
    assertEquals(golden.number("parameterCount"), model.parameterCount());
    assertEquals(
        List.copyOf(golden.byParameter("parameters").keySet()),
        model.graph().parameters().stream().map(Node.Parameter::name).sorted().toList());
  }

  /** One vector-Jacobian product: by every parameter, and by real inputs. */
  public void assertProduct() {
    Map<String, Numbers> byName = golden.byParameter("parameters");
    List<String> wrt = new ArrayList<>(byName.keySet());
    List<Numbers> expected = new ArrayList<>(byName.values());
    if (real) {
      wrt.add(input());
      expected.add(golden.numbers("inputGradient"));
    }
    Graph pulled = Vjp.of(model.graph(), wrt);
    List<double[]> operands = List.of(inputs.get(0), golden.row("seed"));
    String what = "seed J by " + wrt;
    assertAll(expected, Runs.reference(pulled, model.weights(), operands), TOLERANCE, what);
    assertAll(Engines.all(), expected, pulled, operands, what);
  }

  /** The Jacobian of each sample by its real inputs, in full, in both modes. */
  public void assertInputJacobian() {
    List<Numbers> rows = golden.list("inputJacobian");
    if (!real) {
      assertEquals(List.of(), rows);
      return;
    }
    assertEquals(inputs.size(), rows.size());
    Graph reverse = Jacobians.reverse(model.graph(), List.of(input()));
    for (int n = 0; n < rows.size(); n++) {
      assertAll(List.of(rows.get(n)), reverse, List.of(inputs.get(n)), "reverse, sample " + n);
    }
    Graph cheaper = Jacobians.of(model.graph(), List.of(input()));
    assertAll(rows.subList(0, 1), cheaper, inputs.subList(0, 1), "the cheaper mode");
  }

  /** The gradient by every parameter of the loss of all samples together. */
  public void assertLossGradient() {
    Map<String, Numbers> byName = golden.byParameter("lossGradient");
    List<String> wrt = List.copyOf(byName.keySet());
    Graph pulled = Gradients.sum(loss(), wrt, inputs.size());
    List<Integer> gradients = pulled.outputs().subList(1, 1 + wrt.size());
    assertAll(
        List.copyOf(byName.values()), pulled.withOutputs(gradients), batch(), "loss by " + wrt);
  }

  /** A product with the Hessian of the mean loss by all parameters together. */
  public void assertHessianProduct() {
    Map<String, Numbers> byName = golden.byParameter("hvp");
    assertHessianProduct(List.copyOf(byName.keySet()), List.copyOf(byName.values()));
  }

  /** A product with the Hessian of the mean loss by all samples' real inputs. */
  public void assertInputHessianProduct() {
    if (real) {
      assertHessianProduct(List.of(input()), List.of(golden.numbers("inputHvp")));
    }
  }

  private void assertHessianProduct(List<String> wrt, List<Numbers> expected) {
    Graph pulled = Gradients.mean(loss(), wrt, inputs.size());
    List<Integer> gradients = pulled.outputs().subList(1, 1 + wrt.size());
    Graph pushed = Jvp.of(pulled.withOutputs(gradients), wrt);
    List<double[]> operands = new ArrayList<>(batch());
    for (Node.Input input : pushed.inputs().subList(operands.size(), pushed.inputs().size())) {
      operands.add(Golden.wave(input.type().shape().size()));
    }
    assertAll(expected, pushed, operands, "H v by " + wrt);
  }

  /** The softmax cross-entropy with a one-hot target. */
  private Graph loss() {
    return Losses.on(model.graph(), Losses.softmaxCrossEntropy());
  }

  /** All samples, and their targets: class n mod O. */
  private List<double[]> batch() {
    int outputs = Math.toIntExact(model.outputCount());
    double[] targets = new double[inputs.size() * outputs];
    for (int n = 0; n < inputs.size(); n++) {
      targets[n * outputs + n % outputs] = 1;
    }
    return List.of(Vectors.join(inputs), targets);
  }

  private String input() {
    return model.graph().inputs().get(0).name();
  }

  private void assertAll(
      List<Numbers> expected, Graph graph, List<double[]> operands, String what) {
    assertAll(Engines.inDouble(), expected, graph, operands, what);
  }

  private void assertAll(
      List<Engines.Entry> engines,
      List<Numbers> expected,
      Graph graph,
      List<double[]> operands,
      String what) {
    Graph small = Runs.simplified(graph);
    for (Engines.Entry entry : engines) {
      try (Engine engine = entry.open().get()) {
        assertAll(
            expected,
            Runs.on(engine, small, model.weights(), operands),
            Math.max(TOLERANCE, entry.tolerance()),
            what + ", " + entry.name());
      }
    }
  }

  private static void assertAll(
      List<Numbers> expected, List<double[]> found, double tolerance, String what) {
    assertEquals(expected.size(), found.size(), what);
    for (int i = 0; i < found.size(); i++) {
      expected.get(i).assertClose(found.get(i), tolerance, what + ", result " + i);
    }
  }
}
