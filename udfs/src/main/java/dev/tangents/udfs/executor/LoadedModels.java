package dev.tangents.udfs.executor;

import dev.tangents.importer.Model;
import dev.tangents.udfs.model.ModelFiles;
import dev.tangents.udfs.model.ModelSpec;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The models that an executor has loaded, by what is in their files and how they are read. Where
 * they take more than a bound, those that were not used for the longest time are dropped.
 */
final class LoadedModels {
  /** Which model, read how. */
  record Key(String hash, ModelSpec spec) {
    static Key of(WorkerSpec<?> spec) {
      return new Key(spec.modelHash(), spec.model());
    }
  }

  private record Entry(ModelSpec.Loaded loaded, long bytes) {}

  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Consumer<Key> onDrop;

  /** None yet; {@code onDrop} hears of each that is dropped. */
  LoadedModels(Consumer<Key> onDrop) {
    this.onDrop = onDrop;
  }

  /** The model of a key, loaded from its files if it is not there. */
  ModelSpec.Loaded get(Key key, Map<String, byte[]> files, long mostBytes) {
    Entry known = entries.get(key);
    if (known == null) {
      ModelSpec.Loaded loaded = key.spec().load(ModelFiles.of(files));
      known = new Entry(loaded, bytes(loaded.model(), files));
      makeRoom(mostBytes - known.bytes());
      entries.put(key, known);
    }
    return known.loaded();
  }

  /** Forgets all. */
  void clear() {
    entries.clear();
  }

  /** How many there are. */
  int size() {
    return entries.size();
  }

  private void makeRoom(long left) {
    long sum = entries.values().stream().mapToLong(Entry::bytes).sum();
    Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
    while (sum > left && eldest.hasNext()) {
      Map.Entry<Key, Entry> entry = eldest.next();
      sum -= entry.getValue().bytes();
      eldest.remove();
      onDrop.accept(entry.getKey());
    }
  }

  /** Those of the files, or of the numbers where the model is but a formula. */
  private static long bytes(Model model, Map<String, byte[]> files) {
    long inFiles = files.values().stream().mapToLong(content -> content.length).sum();
    return Math.max(inFiles, model.parameterCount() * Double.BYTES);
  }
}
