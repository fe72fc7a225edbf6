package dev.tangents.job.bench;

import dev.tangents.exec.Engine;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.exec.nd4j.RawSgemm;
import java.util.ArrayList;
import java.util.List;

/** {@code tangents bench gram}: the arithmetic of the kernel on one thread, without Spark. */
public final class GramBench {
  private GramBench() {}

  /** Measures on the ND4J engine in float. Takes about a minute. */
  public static List<Row> run() {
    List<Row> rows = new ArrayList<>();
    try (Engine engine = new Nd4jEngine(Precision.FLOAT);
        RawSgemm sgemm = new RawSgemm(2048, 2048, 1024)) {
      rows.addAll(TileBench.run(engine, sgemm::run, sgemm.flops()));
      rows.addAll(MeanFieldBench.run(engine));
    }
    return rows;
  }
}
