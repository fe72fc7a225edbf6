package dev.tangents.job.cli;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.plan.ConfiguredModel;
import dev.tangents.udfs.model.ModelSpec;
import org.apache.spark.SparkConf;

/** The model of a command that starts no Spark. */
final class LocalModel {
  private LocalModel() {}

  /**
   * Loads what {@code --model} and {@code --select-outputs} name.
   *
   * @throws dev.tangents.error.TangentsException if it cannot be read or differentiated
   */
  static ModelSpec.Loaded load(Configuration configuration) {
    HadoopFiles files = HadoopFiles.of(new SparkConf());
    return ConfiguredModel.of(configuration).load(files::model);
  }
}
