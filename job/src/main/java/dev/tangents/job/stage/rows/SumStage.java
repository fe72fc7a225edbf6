package dev.tangents.job.stage.rows;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.rows.ParameterWriter;
import dev.tangents.job.io.rows.PartialSums;
import dev.tangents.job.plan.Panels;
import dev.tangents.rows.Part;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Adds the partial sums of all panels and writes their mean over the samples, one task and one file
 * a parameter. Nothing is shuffled: a task reads its parameter's numbers of every panel.
 */
final class SumStage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Job job;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * What to add.
   *
   * @param partials folder of the partial sums
   * @param folder where the files go
   * @param parts the sums, in the order in which they stand in a file
   * @param panels the samples
   * @param precision width of the numbers written
   * @param footer key-values in every footer
   */
  record Job(
      String partials,
      String folder,
      List<Part> parts,
      Panels panels,
      Precision precision,
      Map<String, String> footer)
      implements Serializable {}

  SumStage(Job job, Broadcast<SerializableConfiguration> hadoop) {
    this.job = job;
    this.hadoop = hadoop;
  }

  /** Name of a panel's partial sums. */
  static String partialName(int panel) {
    return String.format(Locale.ROOT, "sum-%05d", panel);
  }

  /** Writes all parameters and returns the bytes of their files. */
  long run(JavaSparkContext spark) {
    List<Integer> parts = IntStream.range(0, job.parts().size()).boxed().toList();
    return spark.parallelize(parts, parts.size()).map(this::write).reduce(Long::sum);
  }

  private long write(int index) throws IOException {
    Part part = job.parts().get(index);
    long first = job.parts().subList(0, index).stream().mapToLong(Part::size).sum();
    List<Path> files = new ArrayList<>();
    for (int panel = 0; panel < job.panels().count(); panel++) {
      files.add(new Path(job.partials(), partialName(panel)));
    }
    double[] mean = new PartialSums(hadoop.value().value(), files).sum(first, part.size());
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= job.panels().samples();
    }
    return ParameterWriter.write(
        hadoop.value().value(),
        new Path(job.folder(), Panels.partName(index)),
        TaskContext.get().taskAttemptId(),
        part.parameter(),
        part.shape(),
        tensor(part, mean),
        job.footer());
  }

  private HostTensor tensor(Part part, double... mean) {
    Shape shape = Shape.of(mean.length);
    HostTensor wide = HostTensor.of(shape, mean);
    if (job.precision() == Precision.DOUBLE) {
      return wide;
    }
    float[] narrow = wide.floats();
    for (int i = 0; i < narrow.length; i++) {
      if (!Float.isFinite(narrow[i])) {
        throw TangentsException.data(
            "Parameter '%s': element %d of the mean is %s, beyond a float. Compute with --dtype double",
            part.parameter(), i, mean[i]);
      }
    }
    return HostTensor.of(shape, narrow);
  }
}
