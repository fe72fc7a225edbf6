package dev.tangents.job.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.importer.EqualParameters;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelInput;
import dev.tangents.importer.ModelValue;
import dev.tangents.importer.Tie;
import dev.tangents.ir.Node;
import dev.tangents.job.config.Setting;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Rates;
import dev.tangents.kernel.Roofline;
import dev.tangents.kernel.TermPlan;
import dev.tangents.op.nn.Heads;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model is, for people and for programs.
 *
 * @param model as it was imported
 * @param outputs O, those that were selected
 * @param parameters those that were selected, in the model's order
 */
public record ModelSummary(Model model, long outputs, List<Parameter> parameters) {
  /** Copies the list. */
  public ModelSummary {
    parameters = List.copyOf(parameters);
  }

  /**
   * One parameter.
   *
   * @param name the model's own
   * @param shape its extents
   * @param numbers how many it has
   * @param method how the kernel takes it: from the factors of its layer, or its gradient formed
   * @param uses how often a sample meets it
   */
  public record Parameter(String name, List<Long> shape, long numbers, String method, int uses) {}

  /**
   * The summary of a model.
   *
   * @param globs patterns of parameter names
   * @throws dev.tangents.error.TangentsException of category USER if a pattern matches none
   */
  public static ModelSummary of(ModelSpec.Loaded loaded, String globs) {
    List<Node.Parameter> all = loaded.model().graph().parameters();
    List<String> names =
        all.isEmpty()
            ? List.of()
            : Selections.parameters(globs, all.stream().map(Node.Parameter::name).toList());
    KernelPlan plan =
        KernelPlan.of(loaded.graph(), new KernelRequest(KernelKind.TRACE, false, names));
    List<Parameter> parameters = new ArrayList<>();
    for (TermPlan term : plan.terms(1, 1, new Roofline(Rates.REFERENCE, Float.BYTES))) {
      Node.Parameter node = loaded.model().graph().parameter(term.parameter());
      parameters.add(
          new Parameter(
              term.parameter(),
              Arrays.stream(node.type().shape().dims()).boxed().toList(),
              node.type().shape().size(),
              Setting.kebab(term.method()),
              term.uses()));
    }
    return new ModelSummary(
        loaded.model(), loaded.graph().outputTypes().get(0).shape().size(), parameters);
  }

  /** P, the numbers of the selected parameters. */
  public long numbers() {
    return parameters.stream().mapToLong(Parameter::numbers).sum();
  }

  /** Facts, a line each, then a table of the parameters. */
  public String text() {
    List<String[]> facts = new ArrayList<>();
    facts.add(PlanTable.fact("model", model.description()));
    facts.add(PlanTable.fact("sha256", model.sha256()));
    facts.add(PlanTable.fact("inputs", ModelInput.listed(model.inputs())));
    facts.add(PlanTable.fact("outputs", output()));
    facts.add(PlanTable.fact("D  features", Amounts.count(model.inputWidth())));
    facts.add(
        PlanTable.fact("O  outputs", Amounts.count(outputs) + of(outputs, model.outputCount())));
    facts.add(
        PlanTable.fact(
            "P  parameters", Amounts.count(numbers()) + of(numbers(), model.parameterCount())));
    for (Tie equal : EqualParameters.of(model.weights())) {
      facts.add(PlanTable.fact("equal", equal + "  (one tied weight? then --tie " + equal + ")"));
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"parameter", "shape", "numbers", "kernel from", "uses"});
    for (Parameter parameter : parameters) {
      rows.add(
          new String[] {
            parameter.name(),
            parameter.shape().toString(),
            Amounts.count(parameter.numbers()),
            parameter.method(),
            Integer.toString(parameter.uses())
          });
    }
    return PlanTable.aligned(facts) + "\n" + PlanTable.aligned(rows);
  }

  /** Name and shape; importers of layers by number have numbers for names. */
  private String output() {
    ModelValue output = model.output();
    String named =
        output.name().matches("\\d+")
            ? "'" + output.name() + "' in the file, " + output.dims()
            : output.toString();
    return endsIn().isEmpty()
        ? named
        : named + ", after a " + endsIn() + "; what goes into it by --model-output logits";
  }

  /** The last activation where a loss would rather have what goes into it; empty if another. */
  private String endsIn() {
    if (Heads.isSoftmax(model.graph())) {
      return "softmax";
    }
    return Heads.isSigmoid(model.graph()) ? "sigmoid" : "";
  }

  private static String of(long some, long all) {
    return some == all ? "" : " of " + Amounts.count(all);
  }

  /** The summary as one JSON object. */
  public String json() {
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.put("description", model.description()).put("sha256", model.sha256());
    object.put("D", model.inputWidth()).put("O", outputs).put("P", numbers());
    ArrayNode inputs = object.putArray("inputs");
    for (ModelInput input : model.inputs()) {
      ObjectNode entry = inputs.addObject().put("name", input.name());
      entry.put("kind", input.real() ? "real" : "integer");
      ArrayNode shape = entry.putArray("shape");
      input.dims().forEach(shape::add);
    }
    ObjectNode output = object.putArray("outputs").addObject().put("name", model.output().name());
    model.output().dims().forEach(output.putArray("shape")::add);
    object.put("ends-in", endsIn());
    ArrayNode array = object.putArray("parameters");
    for (Parameter parameter : parameters) {
      ObjectNode entry = array.addObject().put("name", parameter.name());
      ArrayNode shape = entry.putArray("shape");
      parameter.shape().forEach(shape::add);
      entry.put("numbers", parameter.numbers());
      entry.put("method", parameter.method()).put("uses", parameter.uses());
    }
    ArrayNode equal = object.putArray("equal");
    EqualParameters.of(model.weights()).forEach(tie -> equal.add(tie.toString()));
    return object.toPrettyString() + System.lineSeparator();
  }
}
