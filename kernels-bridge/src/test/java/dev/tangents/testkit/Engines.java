package dev.tangents.testkit;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.cuda.CudaEngine;
import dev.tangents.exec.cuda.EmulatedEngines;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.reference.ReferenceEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Every engine that must agree with the reference. */
public final class Engines {
  /** Sums of a few dozen products in another order, and libraries' elementary functions. */
  private static final double DOUBLE = 1e-11;

  /** The same, and operands rounded to float: 6e-8 each, times slopes of the functions. */
  private static final double FLOAT = 2e-5;

  private static final List<Entry> ALWAYS =
      List.of(
          new Entry("reference", ReferenceEngine::new, DOUBLE),
          new Entry("nd4j double", () -> new Nd4jEngine(Precision.DOUBLE), DOUBLE),
          new Entry("nd4j float", () -> new Nd4jEngine(Precision.FLOAT), FLOAT),
          new Entry("cuda double, emulated", () -> EmulatedEngines.of(Precision.DOUBLE), DOUBLE),
          new Entry("cuda float, emulated", () -> EmulatedEngines.of(Precision.FLOAT), FLOAT));

  private Engines() {}

  /**
   * An engine under test.
   *
   * @param name shown in reports
   * @param open makes it; the caller closes it
   * @param tolerance largest error against the reference, relative to 1 + largest magnitude
   */
  public record Entry(String name, Supplier<Engine> open, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them, the reference first; a GPU where -Dtangents.test.gpu=true says there is one. */
  public static List<Entry> all() {
    List<Entry> entries = new ArrayList<>(ALWAYS);
    if (Boolean.getBoolean("tangents.test.gpu")) {
      entries.add(new Entry("cuda double", () -> onGpu(Precision.DOUBLE), DOUBLE));
      entries.add(new Entry("cuda float", () -> onGpu(Precision.FLOAT), FLOAT));
    }
    return List.copyOf(entries);
  }

  private static Engine onGpu(Precision precision) {
    Device.HELD.synchronise();
    return CudaEngine.open(0, precision);
  }

  /** Held open until the process ends: a device's context is dear to make, for every test anew. */
  private static final class Device {
    private static final Engine HELD = CudaEngine.open(0, Precision.FLOAT);
  }

  /** One for cases of many samples: a GPU where there is said to be one, else ND4J's. */
  public static Engine forMany(Precision precision) {
    return Boolean.getBoolean("tangents.test.gpu") ? onGpu(precision) : new Nd4jEngine(precision);
  }

  /** Two that compute in double, the reference first. */
  public static List<Entry> inDouble() {
    return all().subList(0, 2);
  }

  /** Those that serve larger cases: ND4J's. */
  public static List<Entry> fast() {
    return all().subList(1, 3);
  }
}
