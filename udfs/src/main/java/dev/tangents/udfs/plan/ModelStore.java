package dev.tangents.udfs.plan;

import dev.tangents.importer.ImportOptions;
import dev.tangents.udfs.model.FileVersion;
import dev.tangents.udfs.model.HadoopModelSource;
import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelSpec;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.classic.SparkSession;

/**
 * The models of a session, on its driver: read when a query is planned, sent to the executors once
 * for each content. Each query looks whether its files are still the same, so that one that was
 * replaced is noticed.
 */
public final class ModelStore {
  private final Map<ModelSpec, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A model and its files on their way.
   *
   * @param loaded the model
   * @param files its files, by name
   */
  record Sent(ModelSpec.Loaded loaded, Broadcast<Map<String, byte[]>> files) {}

  private record Entry(Map<String, FileVersion> files, Sent sent) {
    long bytes() {
      return files.values().stream().mapToLong(FileVersion::length).sum();
    }

    /** This entry with its files as they are now; empty if one of them has another content. */
    Optional<Entry> still(Function<String, HadoopModelSource> open) {
      Map<String, FileVersion> now = new TreeMap<>();
      files.forEach((name, version) -> now.put(name, version.now(open.apply(name))));
      boolean same =
          files.keySet().stream().allMatch(f -> now.get(f).hash().equals(files.get(f).hash()));
      return same ? Optional.of(new Entry(now, sent)) : Optional.empty();
    }
  }

  /** A store without models. */
  public ModelStore() {}

  /**
   * The model that is meant.
   *
   * @param mostBytes what the files of all that are kept may take together
   * @throws dev.tangents.error.TangentsException if it cannot be read or handled
   */
  synchronized Sent get(SparkSession session, ModelSpec spec, long mostBytes) {
    Configuration hadoop = session.sessionState().newHadoopConf();
    Function<String, HadoopModelSource> open =
        path -> new HadoopModelSource(new Path(path), hadoop);
    Entry entry =
        Optional.ofNullable(entries.get(spec))
            .flatMap(known -> known.still(open))
            .orElseGet(() -> load(session, spec, open));
    entries.put(spec, entry);
    forget(mostBytes, spec);
    return entry.sent();
  }

  private static Entry load(
      SparkSession session, ModelSpec spec, Function<String, HadoopModelSource> open) {
    Instant since = Instant.now();
    ModelFiles files = new ModelFiles();
    ModelSpec.Loaded loaded = spec.load(files.recording(open, ImportOptions.MAX_BYTES));
    Map<String, FileVersion> versions = new TreeMap<>();
    files
        .bytes()
        .forEach(
            (name, content) ->
                versions.put(name, FileVersion.of(open.apply(name), content, since)));
    JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
    return new Entry(versions, new Sent(loaded, spark.broadcast(files.bytes())));
  }

  /** Drops the eldest; Spark takes back what nobody refers to any more. */
  private void forget(long mostBytes, ModelSpec wanted) {
    long sum = entries.values().stream().mapToLong(Entry::bytes).sum();
    Iterator<Map.Entry<ModelSpec, Entry>> eldest = entries.entrySet().iterator();
    while (sum > mostBytes && eldest.hasNext()) {
      Map.Entry<ModelSpec, Entry> entry = eldest.next();
      if (!entry.getKey().equals(wanted)) {
        sum -= entry.getValue().bytes();
        eldest.remove();
      }
    }
  }
}
