package dev.tangents.job.rows;

import dev.tangents.derivative.Determinants;
import dev.tangents.ir.Graph;
import dev.tangents.job.config.Setting;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.PlanTable;
import dev.tangents.rows.Part;
import dev.tangents.rows.RowGraph;
import dev.tangents.rows.RowRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A {@link RowPlan} in words. */
public final class RowPlanText {
  private RowPlanText() {}

  /** What is computed of a network and how, in a few words. */
  static String method(RowRequest request, Graph network) {
    return switch (request.quantity()) {
      case INPUT_JACOBIAN -> "by inputs, " + Setting.kebab(request.mode());
      case PARAMETER_JACOBIAN -> "by parameters, reverse";
      case PROJECTED_JACOBIAN ->
          "by parameters, projected to "
              + request.projection().size()
              + " on the factors, seed "
              + request.projection().seed();
      case DETERMINANT ->
          Determinants.product(network, network.inputs().get(0).name()).isPresent()
              ? "by inputs, product over square layers"
              : "by inputs, LU of the Jacobian";
      case HESSIAN -> Setting.kebab(request.order()).replace('-', ' ');
      case HESSIAN_DIAGONAL -> "diagonal, forward over reverse";
      case LAPLACIAN -> "laplacian, forward";
      case JVP -> "forward";
      case VJP -> "reverse";
      case HVP -> "by inputs, forward over reverse";
      case PARAMETER_HVP -> "by parameters, forward over reverse, of " + loss(request);
      case GRADIENT -> "of the mean of " + loss(request);
      case PER_SAMPLE_GRADIENTS -> "of each sample's " + loss(request);
      case GRADIENT_NORMS -> "norms from the factors, of " + loss(request);
      case OUTPUTS,
          LOSS,
          PROJECTED_LOSS_GRADIENT,
          PARAMETER_NORM,
          PAIR_KERNEL,
          PARAMETER_JACOBIAN_SUM ->
          request.quantity().label();
    };
  }

  /** The plan as text, one fact a line: what {@code --dry-run} prints. */
  public static String of(RowPlan plan) {
    List<String[]> facts = new ArrayList<>();
    facts.add(PlanTable.fact("model", plan.model().description()));
    facts.add(PlanTable.fact("N  samples", Amounts.count(plan.panels().samples())));
    facts.add(PlanTable.fact("D  features", Amounts.count(plan.model().inputWidth())));
    long all = plan.model().outputCount();
    String of = plan.outputs() == all ? "" : " of " + Amounts.count(all);
    facts.add(PlanTable.fact("O  outputs", Amounts.count(plan.outputs()) + of));
    facts.add(PlanTable.fact("P  parameters", Amounts.count(plan.model().parameterCount())));
    for (int i = 0; i < plan.requests().size(); i++) {
      RowRequest request = plan.requests().get(i);
      facts.add(PlanTable.fact(request.quantity().label(), plan.methods().get(i)));
      facts.add(PlanTable.fact("  records", records(plan.pass().graphs().get(i))));
    }
    facts.add(PlanTable.fact("numbers", Setting.kebab(plan.precision())));
    long lanes = plan.pass().lanes();
    facts.add(
        PlanTable.fact(
            "V  lanes", Amounts.count(lanes) + ", " + Amounts.count(atOnce(plan)) + " at once"));
    facts.add(PlanTable.fact("micro-batch", Amounts.counted(plan.size().samples(), "sample")));
    facts.add(
        PlanTable.fact(
            "files",
            Amounts.count(plan.fileCount())
                + " of up to "
                + Amounts.counted(plan.fileSamples(), "sample")));
    facts.add(
        PlanTable.fact("arithmetic", Amounts.flops(plan.size().flops(plan.pass())) + " a sample"));
    facts.add(
        PlanTable.fact(
            "memory a task", Amounts.bytes(plan.taskBytes()) + " at most, beside the weights"));
    facts.add(PlanTable.fact("result", Amounts.bytes(plan.resultBytes())));
    return PlanTable.aligned(facts);
  }

  /** Lanes that travel together. */
  public static long atOnce(RowPlan plan) {
    long outer = Math.min(plan.size().outer(), plan.pass().outer().count());
    long inner = Math.min(plan.size().inner(), plan.pass().inner().count());
    return plan.requests().size() == 1 ? outer * inner : plan.pass().lanes();
  }

  private static String records(RowGraph graph) {
    return graph.parts().stream()
        .filter(part -> !part.column().equals(Part.HIDDEN))
        .map(RowPlanText::part)
        .collect(Collectors.joining(", "));
  }

  private static String part(Part part) {
    String name = part.isScalar() ? part.column() : (part.parameter() + " " + part.shape()).strip();
    return (part.summed() ? "one " : part.records() + " x ") + name;
  }

  private static String loss(RowRequest request) {
    return Setting.kebab(request.loss().kind());
  }
}
