package dev.tangents.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.derivative.Jacobians;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostArrays;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quantities that are computed together. */
class RowExecutorTest extends RowRuns {
  /** Several quantities in one pass give what each gives by itself, and share the network. */
  @Test
  void severalQuantitiesInOnePassAreThoseOfSeparatePasses() {
    RowRequest[] requests = {
      RowRequest.of(Quantity.GRADIENT_NORMS),
      RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.REVERSE),
      RowRequest.of(Quantity.LAPLACIAN),
      RowRequest.of(Quantity.GRADIENT)
    };
    RowSize size = RowSize.ofSamples(2);
    RowPass pass = pass(model, requests);
    List<RowBatch> together = run(model, pass, model.weights(), size);
    int nodes = 0;
    for (int q = 0; q < requests.length; q++) {
      RowPass single = pass(model, requests[q]);
      nodes += single.over(size).nodes().size();
      List<RowBatch> alone = run(model, single, model.weights(), size);
      List<double[]> expected = written(alone, 0);
      List<double[]> found = written(together, q);
      for (int n = 0; n < N; n++) {
        assertArrayEquals(expected.get(n), found.get(n), 1e-14);
      }
    }
    int joined = pass.over(size).nodes().size();
    int network = Jacobians.reverse(model.graph(), List.of("x")).nodes().size();
    int all = nodes;
    assertTrue(joined <= all - network / 2, () -> joined + " nodes joined, " + all + " apart");
  }

  /** What arrays held before is not seen in them, in whatever runs a batch is put together. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void arraysThatWereGivenBackAreFilledAnew(Precision precision) {
    RowRequest[] requests = {
      RowRequest.of(Quantity.INPUT_JACOBIAN).withMode(Mode.REVERSE),
      RowRequest.of(Quantity.HESSIAN),
      RowRequest.of(Quantity.PER_SAMPLE_GRADIENTS),
      RowRequest.of(Quantity.GRADIENT)
    };
    try (Engine engine = new Nd4jEngine(precision)) {
      for (RowRequest request : requests) {
        for (RowSize size : SIZES) {
          RowPass pass = pass(model, request);
          try (RowExecutor executor =
              new RowExecutor(engine, pass, model.weights(), size, precision)) {
            HostArrays arrays = new HostArrays(0);
            for (int round = 0; round < 2; round++) {
              for (int from = 0; from < N; from += size.samples()) {
                Map<SampleInput, List<double[]>> batch = batch(from, size);
                RowBatch expected = executor.run(batch, new HostArrays(0));
                RowBatch found = executor.run(batch, arrays);
                String what = request.quantity() + " " + size + " from " + from;
                assertEquals(numbers(expected), numbers(found), what);
                found.giveBack(arrays);
              }
            }
          }
        }
      }
    }
  }

  private Map<SampleInput, List<double[]>> batch(int from, RowSize size) {
    Map<SampleInput, List<double[]>> batch = new EnumMap<>(SampleInput.class);
    int to = Math.min(N, from + size.samples());
    samples.forEach((content, rows) -> batch.put(content, rows.subList(from, to)));
    return batch;
  }

  @Test
  void aBatchOfTheSameSizeLiesWhereTheOneBeforeLay() {
    RowPass pass = pass(model, RowRequest.of(Quantity.INPUT_JACOBIAN));
    HostArrays arrays = new HostArrays(0);
    RowBatch first = run(model, pass, model.weights(), RowSize.ofSamples(N), arrays).get(0);
    double[] before = first.values().get(0).values(0).doubles();
    first.giveBack(arrays);
    RowBatch second = run(model, pass, model.weights(), RowSize.ofSamples(N), arrays).get(0);
    assertTrue(before == second.values().get(0).values(0).doubles(), "the same array");
  }

  /** All numbers of a batch: of each sample, and of the sums. */
  private static List<List<Double>> numbers(RowBatch batch) {
    List<List<Double>> numbers = new ArrayList<>();
    written(List.of(batch), 0).forEach(row -> numbers.add(DoubleStream.of(row).boxed().toList()));
    batch
        .sums()
        .get(0)
        .forEach(sum -> numbers.add(DoubleStream.of(sum.doubles()).boxed().toList()));
    return numbers;
  }

  /** Who has asked for it cannot close what a constructor that failed has taken. */
  @Test
  void whatWasTakenIsFreedIfTheRestDoesNotFit() {
    AtomicInteger open = new AtomicInteger();
    Engine full =
        proxy(
            Engine.class,
            call -> {
              if (open.get() == 3) {
                throw TangentsException.resource("full");
              }
              open.incrementAndGet();
              return call.equals("prepare")
                  ? closing(Executable.class, open)
                  : closing(DeviceTensor.class, open);
            });
    RowPass pass = pass(model, RowRequest.of(Quantity.GRADIENT));
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () ->
                new RowExecutor(
                    full, pass, model.weights(), RowSize.ofSamples(2), Precision.DOUBLE));
    assertEquals("full", e.getMessage());
    assertEquals(0, open.get());
  }

  private static <T> T closing(Class<T> type, AtomicInteger open) {
    return proxy(type, call -> call.equals("close") ? open.decrementAndGet() : null);
  }

  private static <T> T proxy(Class<T> type, Function<String, Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object given = answer.apply(method.getName());
              return method.getReturnType() == void.class ? null : given;
            }));
  }
}
