package dev.tangents.udfs.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.GpuRequest;
import dev.tangents.udfs.function.SessionKey;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Settings of the job that hold for queries too, under the same keys.
 *
 * @param engine what computes
 * @param microBatch most rows of a batch
 * @param memoryBytes what the arithmetic and the results in flight of a task may take
 * @param silence after which native work counts as hung
 * @param modelBytes what loaded models may take together
 */
public record QuerySettings(
    EngineName engine, int microBatch, long memoryBytes, Duration silence, long modelBytes)
    implements Serializable {
  /** Tasks that share a GPU: one reads or writes while the other computes. */
  private static final int GPU_TASKS = 2;

  /** Letters that differ from a key that was meant: between keys of ours are more. */
  private static final int MISSPELT = 2;

  private static final int MIB_BITS = 20;
  private static final long MOST_MIB = 1L << 40;
  private static final long MOST_ROWS = 1L << 20;

  /**
   * What a session says.
   *
   * @throws TangentsException of category USER for a value that is none, and for a key that is
   *     almost one of these
   */
  public static QuerySettings of(SQLConf conf) {
    CollectionConverters.asJava(conf.getAllConfs()).keySet().forEach(QuerySettings::requireNoSlip);
    return new QuerySettings(
        choice(conf, SessionKey.ENGINE, EngineName.class, "nd4j"),
        (int) count(conf, SessionKey.MICRO_BATCH, 256, 1, MOST_ROWS),
        count(conf, SessionKey.MEMORY, 512, 1, MOST_MIB) << MIB_BITS,
        Duration.ofMinutes(count(conf, SessionKey.HANG_MINUTES, 60, 1, MOST_ROWS)),
        count(conf, SessionKey.MODEL_CACHE_MIB, 1024, 0, MOST_MIB) << MIB_BITS);
  }

  /**
   * Width of the numbers that functions return.
   *
   * @throws TangentsException of category USER for a value that is none
   */
  public static Precision precision(SQLConf conf) {
    return choice(conf, SessionKey.DTYPE, Precision.class, "float");
  }

  /**
   * Tells Spark of the key that decides types. Of those that it knows alone it keeps the value that
   * holds where a view or a function of SQL is made, and analyses its text with that value and no
   * other, so that what is computed is of the type that was made.
   */
  public static synchronized void declare() {
    String key = SessionKey.DTYPE.property();
    if (!SQLConf$.MODULE$.containsConfigKey(key)) {
      SQLConf$.MODULE$
          .buildConf(key)
          .doc("Width of the numbers that functions of Tangents return: float or double.")
          .version("0.1.0")
          .stringConf()
          .createOptional();
    }
  }

  /** Keys of runs may be there too, and stand for nothing. */
  private static void requireNoSlip(String property) {
    if (!property.startsWith(SessionKey.PREFIX)) {
      return;
    }
    String key = property.substring(SessionKey.PREFIX.length());
    String plain = key.toLowerCase(Locale.ROOT).replace('_', '-');
    for (SessionKey known : SessionKey.values()) {
      int letters =
          UTF8String.fromString(plain).levenshteinDistance(UTF8String.fromString(known.key()));
      if (letters <= MISSPELT && !key.equals(known.key())) {
        throw TangentsException.user(
            "%s: unknown setting; the nearest is %s. Take it back with RESET %s, or out of --conf",
            property, known.property(), property);
      }
    }
  }

  /** Opens what tasks of this executor share, where no plugin has. */
  void openResources() {
    String executor = SparkEnv.get().executorId();
    ExecutorResources.Limits limits =
        ExecutorResources.Limits.of(silence, executor, modelBytes)
            .atOnce(engine.onGpu() ? GPU_TASKS : Integer.MAX_VALUE);
    ExecutorResources.ensure(engine, GpuRequest.of(executor, gpus()), limits);
  }

  /** Addresses that Spark gave the task. */
  private static List<String> gpus() {
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    return gpu == null ? List.of() : List.of(gpu.addresses());
  }

  private static long count(SQLConf conf, SessionKey key, long standard, long least, long most) {
    String text = conf.getConfString(key.property(), Long.toString(standard));
    try {
      long count = Long.parseLong(text.strip());
      if (count >= least && count <= most) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, text, least + " to " + most).causedBy(e);
    }
    throw wrong(key, text, least + " to " + most);
  }

  private static <E extends Enum<E>> E choice(
      SQLConf conf, SessionKey key, Class<E> type, String standard) {
    String text = conf.getConfString(key.property(), standard);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> name(constant).equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    text,
                    Arrays.stream(type.getEnumConstants())
                        .map(QuerySettings::name)
                        .collect(Collectors.joining(" or "))));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static TangentsException wrong(SessionKey key, String text, String expected) {
    return TangentsException.user(
        "%s: expected %s, got '%s'. Correct it with SET or --conf", key.property(), expected, text);
  }
}
