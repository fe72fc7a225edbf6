package dev.tangents.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaEngine;
import dev.tangents.exec.cuda.EmulatedEngines;
import dev.tangents.importer.Model;
import dev.tangents.ir.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiles of the CUDA engine in each arithmetic, its kernels interpreted, against strict samples. */
class StrictSampleTest {
  private static final int WIDTH = 12;

  private static HostTensor samples(int rows, long seed) {
    float[] numbers = new float[rows * WIDTH];
    Random random = new Random(seed);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(Shape.of(rows, WIDTH), numbers);
  }

  private static KernelPlan plan(Model model, KernelKind kind, boolean components, int lanes) {
    KernelRequest request =
        new KernelRequest(kind, components, Grams.parameters(model.graph())).planned(16, lanes);
    return KernelPlan.of(model.graph(), request);
  }

  private static SampleError error(KernelPlan plan, Model model, Arithmetic arithmetic) {
    HostTensor rows = samples(6, 1);
    HostTensor columns = samples(5, 2);
    try (CudaEngine engine = EmulatedEngines.open(Precision.FLOAT);
        GramKernel kernel = new GramKernel(engine, plan, model.weights(), 4);
        StrictSample sample = new StrictSample(engine, plan, model.weights(), 6)) {
      TileAssembly tile = new TileAssembly(plan);
      for (int pass = 0; pass < plan.passes(); pass++) {
        try (Panel left = kernel.panel(rows, pass);
            Panel right = kernel.panel(columns, pass)) {
          tile.add(pass, kernel.tile(left, right, arithmetic));
        }
      }
      return SampleError.of(tile.components(), sample.of(rows, columns));
    }
  }

  /** Each arithmetic is as far off as its operands are short, in whichever order it is asked. */
  @ParameterizedTest
  @CsvSource({"STRICT, 0, 1e-6", "TF32X3, 0, 1e-5", "TF32, 5e-5, 5e-3", "BF16, 5e-4, 5e-2"})
  void anArithmeticHasTheErrorOfItsOperands(Arithmetic arithmetic, double least, double most) {
    Model model = Grams.mlp("mlp:12-20-16-3:tanh?param=ntk&bias=true&seed=4");
    for (KernelKind kind : KernelKind.values()) {
      SampleError error = error(plan(model, kind, false, 3), model, arithmetic);
      assertTrue(error.value() >= least && error.value() <= most, () -> kind + ": " + error);
    }
  }

  @ParameterizedTest
  @EnumSource(Arithmetic.class)
  void aKernelInPassesAndByParameterIsComparedToo(Arithmetic arithmetic) {
    Model model = Grams.mlp("mlp:12-8-3:tanh?param=ntk&bias=true&seed=4");
    KernelPlan plan = plan(model, KernelKind.TRACE, true, 1);
    assertEquals(3, plan.passes());
    SampleError error = error(plan, model, arithmetic);
    assertTrue(error.value() <= 5e-2, error::toString);
  }

  @Test
  void theLargestErrorOfAnyComponentIsFoundWithItsPlace() {
    Shape shape = Shape.of(2, 2, 3);
    double[] strict = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4};
    double[] found = strict.clone();
    found[10] = 5; // block 1, row 1, column 1
    HostTensor sound = HostTensor.of(shape, strict);
    HostTensor off = HostTensor.of(shape, found);
    assertEquals(new SampleError(0, 0, 0), SampleError.of(List.of(sound), List.of(sound)));
    assertEquals(
        new SampleError(0.25, 1, 1), SampleError.of(List.of(sound, off), List.of(sound, sound)));
  }

  @Test
  void whatIsNoNumberOrHasNoScaleIsInfinitelyFarOff() {
    HostTensor zeros = HostTensor.of(Shape.of(1, 1, 2), 0.0, 0);
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(
        new SampleError(infinity, 0, 1),
        SampleError.of(List.of(HostTensor.of(Shape.of(1, 1, 2), 0.0, 1)), List.of(zeros)));
    HostTensor ones = HostTensor.of(Shape.of(1, 1, 2), 1.0, 1);
    HostTensor broken = HostTensor.of(Shape.of(1, 1, 2), 1.0, Double.NaN);
    assertEquals(new SampleError(infinity, 0, 1), SampleError.of(List.of(broken), List.of(ones)));
    assertEquals(infinity, SampleError.of(List.of(ones), List.of(broken)).value());
  }
}
