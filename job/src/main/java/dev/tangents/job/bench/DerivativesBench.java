package dev.tangents.job.bench;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import java.util.List;
import java.util.function.Function;

/** {@code tangents bench derivatives}: derivatives of one thread, without Spark. */
public final class DerivativesBench {
  private DerivativesBench() {}

  /** Measures on the ND4J engine in float. Takes a minute or two. */
  public static List<Row> run() {
    List<Function<Engine, List<Row>>> parts =
        List.of(
            DeterminantBench::run,
            ModeBench::run,
            LoopBench::run,
            GradientNormBench::run,
            LaplacianBench::run);
    try (Engine engine = new Nd4jEngine(Precision.FLOAT)) {
      return parts.stream().flatMap(part -> part.apply(engine).stream()).toList();
    }
  }
}
