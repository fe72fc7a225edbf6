package dev.tangents.udfs.plan;

import dev.tangents.exec.HostTensor;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.RowSpec;
import dev.tangents.udfs.function.Argument;
import dev.tangents.udfs.function.Call;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * How batches of a group's rows are computed. Travels to the executors; the model does not.
 *
 * @param function name of the aggregate
 * @param spec makes workers
 * @param slots the columns that are read of a row
 * @param places where each of them stands among the arguments
 * @param files of the model
 * @param settings of the query
 */
record GroupTask(
    String function,
    RowSpec spec,
    List<Slot> slots,
    List<Integer> places,
    Broadcast<Map<String, byte[]>> files,
    QuerySettings settings)
    implements Serializable {
  GroupTask {
    slots = List.copyOf(slots);
    places = List.copyOf(places);
  }

  /** Plans a call whose model was read. */
  static GroupTask of(Call call, ModelStore.Sent model, QuerySettings settings) {
    PassPlan.Pass pass = PassPlan.of(List.of(call), model.loaded(), settings);
    List<Integer> places = pass.slots().stream().map(slot -> place(call, slot)).toList();
    String name = call.function().name();
    return new GroupTask(name, pass.spec(), pass.slots(), places, model.files(), settings);
  }

  private static int place(Call call, Slot slot) {
    return IntStream.range(0, call.arguments().size())
        .filter(
            i -> {
              Argument argument = call.form().argument(i);
              return argument.content().filter(slot.content()::equals).isPresent();
            })
        .findFirst()
        .orElseThrow();
  }

  /** The sums over a batch, for each parameter. */
  List<HostTensor> compute(Map<SampleInput, List<double[]>> samples) {
    TaskContext.get().killTaskIfInterrupted();
    settings.openResources();
    try {
      return ExecutorResources.with(
          spec, files.value(), worker -> worker.run(samples).sums().get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
