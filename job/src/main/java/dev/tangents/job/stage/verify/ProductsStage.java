package dev.tangents.job.stage.verify;

import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.output.KernelFolder;
import dev.tangents.job.io.panel.PanelReader;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.kernel.check.Probe;
import dev.tangents.udfs.executor.ExecutorResources;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Computes J (J^T v) over all samples: a reverse pass over the panels of the columns, whose sums
 * are added parameter by parameter, then a forward pass over those of the rows.
 */
final class ProductsStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Broadcast<Map<String, byte[]>> model;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final LongAccumulator done;

  /**
   * What to compute.
   *
   * @param spec network and engine
   * @param kernel whose samples are taken
   * @param probe v
   * @param width D
   */
  record Job(ProductsSpec spec, KernelFolder kernel, Probe probe, int width)
      implements Serializable {}

  /** {@code done} counts panels that have gone through the network, of both sides. */
  ProductsStage(
      Job job,
      Broadcast<Map<String, byte[]>> model,
      Broadcast<SerializableConfiguration> hadoop,
      LongAccumulator done) {
    this.job = job;
    this.model = model;
    this.hadoop = hadoop;
    this.done = done;
  }

  /** J (J^T v) by panels of rows, [rows, lanes] each; {@code slots} tasks at once. */
  Map<Integer, double[]> run(JavaSparkContext spark, int slots) {
    Map<Integer, double[]> result = new TreeMap<>();
    for (int pass = 0; pass < job.probe().passes(); pass++) {
      Broadcast<List<double[]>> pulled = spark.broadcast(pull(spark, slots, pass));
      push(spark, pulled, pass).forEach(part -> result.merge(part._1(), part._2(), Vectors::added));
      pulled.destroy();
    }
    return result;
  }

  /** J^T v. */
  private List<double[]> pull(JavaSparkContext spark, int slots, int pass) {
    int panels = job.kernel().columns().panels();
    Map<Integer, double[]> sums =
        ComputeSlots.of(
                spark.parallelize(
                    IntStream.range(0, panels).boxed().toList(), Math.min(slots, panels)))
            .mapPartitionsToPair(mine -> pull(mine, pass))
            .reduceByKey(Vectors::added)
            .collectAsMap();
    return new ArrayList<>(new TreeMap<>(sums).values());
  }

  private Iterator<Tuple2<Integer, double[]>> pull(Iterator<Integer> panels, int pass)
      throws IOException {
    List<double[]> sums =
        ExecutorResources.with(
            job.spec(),
            model.value(),
            worker -> {
              List<double[]> sum = worker.zeros();
              while (panels.hasNext()) {
                int panel = panels.next();
                int count = job.kernel().columns().size(panel);
                double[] v = job.probe().signs(count, panel);
                HostTensor samples = samples(job.kernel().columnSamples(panel), count);
                worker.accumulate(samples, job.probe().cotangents(v, pass), sum);
                done.add(1);
              }
              return sum;
            });
    return IntStream.range(0, sums.size()).mapToObj(i -> new Tuple2<>(i, sums.get(i))).iterator();
  }

  /** J u, the numbers that the pass adds to. */
  private List<Tuple2<Integer, double[]>> push(
      JavaSparkContext spark, Broadcast<List<double[]>> pulled, int pass) {
    int panels = job.kernel().rows().panels();
    return ComputeSlots.of(spark.parallelize(IntStream.range(0, panels).boxed().toList(), panels))
        .map(panel -> new Tuple2<>(panel, push(panel, pulled.value(), pass)))
        .collect();
  }

  private double[] push(int panel, List<double[]> pulled, int pass) throws IOException {
    int count = job.kernel().rows().size(panel);
    HostTensor samples = samples(job.kernel().samples(panel), count);
    double[] product =
        ExecutorResources.with(job.spec(), model.value(), worker -> worker.apply(samples, pulled));
    double[] part = new double[count * job.probe().lanes()];
    job.probe().add(product, pass, part);
    done.add(1);
    return part;
  }

  private HostTensor samples(Path file, int count) throws IOException {
    return PanelReader.features(
        hadoop.value().value(), file, count, job.width(), job.spec().precision());
  }
}
