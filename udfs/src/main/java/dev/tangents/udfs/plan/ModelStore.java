package dev.tangents.udfs.plan;

import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Sha256;
import dev.tangents.udfs.model.HadoopModelSource;
import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelSpec;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.classic.SparkSession;

/**
 * The models of a session, on its driver: read when a query runs, sent to the executors once for
 * each content. Files are read again for every query, so that one that was replaced is noticed.
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

  private record Entry(Map<String, String> hashes, long bytes, Sent sent) {}

  /** No models yet. */
  public ModelStore() {}

  /**
   * The model that is meant.
   *
   * @param mostBytes what the files of all that are kept may take together
   * @throws dev.tangents.error.TangentsException if it cannot be read or handled
   */
  synchronized Sent get(SparkSession session, ModelSpec spec, long mostBytes) {
    Configuration hadoop = session.sessionState().newHadoopConf();
    Function<String, ModelSource> open = path -> new HadoopModelSource(new Path(path), hadoop);
    Entry known = entries.get(spec);
    if (known == null || !known.hashes().equals(hashes(known.hashes(), open))) {
      known = load(session, spec, open);
      entries.put(spec, known);
      forget(mostBytes, spec);
    }
    return known.sent();
  }

  private static Entry load(
      SparkSession session, ModelSpec spec, Function<String, ModelSource> open) {
    ModelFiles files = new ModelFiles();
    ModelSpec.Loaded loaded = spec.load(files.recording(open, ImportOptions.MAX_BYTES));
    Map<String, String> hashes = new TreeMap<>();
    files.bytes().forEach((name, content) -> hashes.put(name, Sha256.hex(content)));
    long bytes = files.bytes().values().stream().mapToLong(content -> content.length).sum();
    JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
    return new Entry(hashes, bytes, new Sent(loaded, spark.broadcast(files.bytes())));
  }

  private static Map<String, String> hashes(
      Map<String, String> known, Function<String, ModelSource> open) {
    Map<String, String> now = new TreeMap<>();
    for (String name : known.keySet()) {
      now.put(name, Sha256.hex(open.apply(name).bytes(ImportOptions.MAX_BYTES)));
    }
    return now;
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
