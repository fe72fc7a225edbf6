package dev.tangents.udfs.plan;

import dev.tangents.exec.Precision;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelInput;
import dev.tangents.ir.Node;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.RowPass;
import dev.tangents.rows.RowPlanner;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.RowSpec;
import dev.tangents.udfs.function.Call;
import dev.tangents.udfs.function.Columns;
import dev.tangents.udfs.function.Constants;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import dev.tangents.udfs.sample.SampleForms;
import dev.tangents.udfs.sample.VectorForm;
import dev.tangents.udfs.sample.VectorReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** Makes one pass of fused calls, on the driver, when the model is known. */
final class PassPlan {
  private final QuerySettings settings;
  private final ModelSpec.Loaded network;
  private final Precision precision;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Expression> columns = new ArrayList<>();

  private PassPlan(QuerySettings settings, ModelSpec.Loaded network, Precision precision) {
    this.settings = settings;
    this.network = network;
    this.precision = precision;
  }

  /**
   * What is computed and of what.
   *
   * @param spec makes workers
   * @param slots the columns of a row that are read
   * @param columns the same as expressions over the child's rows
   * @param needed for each call the slots that it takes: one null among them makes its value null
   * @param runs of the network that a batch takes
   * @param numbers of the results of a row
   */
  record Pass(
      RowSpec spec,
      List<Slot> slots,
      List<Expression> columns,
      List<List<Integer>> needed,
      long runs,
      long numbers) {}

  /**
   * Plans.
   *
   * @throws dev.tangents.error.TangentsException if the calls do not fit the network or the memory
   */
  static Pass of(List<? extends Call> calls, ModelSpec.Loaded network, QuerySettings settings) {
    PassPlan plan = new PassPlan(settings, network, calls.get(0).precision());
    List<List<Integer>> needed = calls.stream().map(plan::needed).toList();
    List<Constants> constants = calls.stream().map(Call::constants).toList();
    RowPlanner planner = plan.planner(constants);
    List<RowRequest> requests =
        constants.stream().map(Constants::request).map(planner::decided).toList();
    RowPass pass = planner.pass(requests);
    RowSpec spec =
        new RowSpec(
            constants.get(0).model(),
            planner.parameters(),
            requests,
            network.model().sha256(),
            "",
            settings.engine(),
            planner.precision(),
            planner.size(pass),
            settings.modelBytes());
    return new Pass(spec, plan.slots, plan.columns, needed, spec.size().runs(pass), pass.numbers());
  }

  private RowPlanner planner(List<Constants> constants) {
    List<String> all = network.graph().parameters().stream().map(Node.Parameter::name).toList();
    List<String> parameters =
        constants.stream()
            .flatMap(each -> each.parameters().stream())
            .findFirst()
            .map(patterns -> Selections.parameters(patterns, all))
            .orElse(List.of());
    return new RowPlanner(
        network.graph(), parameters, settings.microBatch(), settings.memoryBytes(), precision);
  }

  private List<Integer> needed(Call call) {
    Constants constants = call.constants();
    List<Integer> needed = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      Expression column = call.arguments().get(i);
      String label = call.form().argument(i).label();
      call.form()
          .argument(i)
          .content()
          .filter(content -> isRead(content, constants))
          .ifPresent(content -> needed.add(slot(content, label, column, constants)));
    }
    return needed;
  }

  private static boolean isRead(SampleInput content, Constants constants) {
    return content != SampleInput.TARGET || constants.request().loss().kind().hasTarget();
  }

  private int slot(SampleInput content, String label, Expression column, Constants constants) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).content() == content) {
        return i;
      }
    }
    Expression readable = Columns.readable(column);
    VectorForm form = form(content, column, constants);
    VectorReader reader = new VectorReader(form, constants.options().binaryType(), precision);
    slots.add(
        new Slot(content, label, Columns.plain(readable.dataType()), length(content), reader));
    columns.add(readable);
    return slots.size() - 1;
  }

  private int length(SampleInput content) {
    return switch (content) {
      case FEATURES, OTHER_FEATURES -> Math.toIntExact(network.model().inputWidth());
      case TANGENT, INTEGERS, OTHER_INTEGERS ->
          network.graph().inputs().get(0).type().shape().intSize();
      case TARGET, COTANGENT -> outputs();
      case WEIGHT -> 1;
    };
  }

  private VectorForm form(SampleInput content, Expression column, Constants constants) {
    if (content == SampleInput.FEATURES || content == SampleInput.OTHER_FEATURES) {
      return features(network.model());
    }
    int features = network.graph().inputs().get(0).type().shape().intSize();
    LossKind loss = constants.request().loss().kind();
    return content == SampleInput.TARGET
        ? SampleForms.target(loss, Columns.isNumber(column.dataType()), classes(constants.model()))
        : SampleForms.of(content, features, outputs());
  }

  private int outputs() {
    return network.graph().outputTypes().get(0).shape().intSize();
  }

  private List<Integer> classes(ModelSpec spec) {
    List<Integer> selected = spec.selectedOutputs();
    return selected.isEmpty() ? IntStream.range(0, outputs()).boxed().toList() : selected;
  }

  /** The D numbers of all inputs, one after the other; those of integers must be whole. */
  private static VectorForm features(Model model) {
    List<Integer> sizes = new ArrayList<>();
    for (ModelInput input : model.inputs()) {
      sizes.add((input.real() ? 1 : -1) * Math.toIntExact(input.size()));
    }
    return new VectorForm(
        "feature", Math.toIntExact(model.inputWidth()), numbers -> whole(sizes, numbers));
  }

  private static double[] whole(List<Integer> sizes, double... numbers) {
    int from = 0;
    for (int size : sizes) {
      for (int i = from; i < from + Math.abs(size); i++) {
        if (size < 0 && numbers[i] != Math.rint(numbers[i])) {
          throw new IllegalArgumentException(
              "feature " + i + " is " + numbers[i] + "; the model takes whole numbers");
        }
      }
      from += Math.abs(size);
    }
    return numbers;
  }
}
