package dev.tangents.job.bench;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.rows.Quantity;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.RowPlanner;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.SampleInput;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.RowSpec;
import dev.tangents.udfs.model.ModelSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What a user would write without batches: a function of one row, on the same engine. */
final class RowByRow implements UDF1<Seq<Float>, float[][]> {
  private static final long serialVersionUID = 1L;
  private static final long MEMORY = 512L << 20;

  private final RowSpec spec;
  private final int outputs;
  private final int features;

  /** Jacobians of a network in one string. */
  RowByRow(String model) {
    ModelSpec network = new ModelSpec(model, ImportOptions.defaults(), List.of());
    ModelSpec.Loaded loaded = network.load(LocalFile::at);
    RowPlanner planner = new RowPlanner(loaded.graph(), List.of(), 1, MEMORY, Precision.FLOAT);
    RowRequest request = planner.decided(RowRequest.of(Quantity.INPUT_JACOBIAN));
    this.spec =
        new RowSpec(
            network,
            List.of(),
            List.of(request),
            loaded.model().sha256(),
            "",
            EngineName.ND4J,
            Precision.FLOAT,
            planner.size(planner.pass(List.of(request))),
            MEMORY);
    this.outputs = Math.toIntExact(loaded.model().outputCount());
    this.features = Math.toIntExact(loaded.model().inputWidth());
  }

  @Override
  public float[][] call(Seq<Float> row) throws IOException {
    double[] x =
        CollectionConverters.asJava(row).stream().mapToDouble(Float::doubleValue).toArray();
    RowBatch batch =
        ExecutorResources.with(
            spec, Map.of(), worker -> worker.run(Map.of(SampleInput.FEATURES, List.of(x))));
    float[] all = batch.values().get(0).values(0).floats();
    float[][] jacobian = new float[outputs][];
    Arrays.setAll(jacobian, o -> Arrays.copyOfRange(all, o * features, (o + 1) * features));
    return jacobian;
  }
}
