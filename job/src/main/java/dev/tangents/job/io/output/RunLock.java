package dev.tangents.job.io.output;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Keeps two runs from writing into one folder: a file that names the process which holds it and
 * that changes every few seconds while the process lives. A file that no longer changes, or whose
 * process would be found here and is gone ({@link ProcessName}), holds nobody off, so that a killed
 * run can be resumed at once.
 *
 * <p>A process that was thought dead and wakes up finds another's name in the file and stops. What
 * it wrote until then does no harm: tiles of one run are the same bytes whoever writes them.
 */
public final class RunLock implements AutoCloseable {
  /** Name of the file. */
  static final String NAME = "_lock";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ATTEMPTS = 20;
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final FileSystem fs;
  private final Path file;
  private final Duration beat;
  private final Map<String, Object> holder;
  private final Runnable onLoss;
  private final CountDownLatch released = new CountDownLatch(1);
  private final Thread heart;

  private RunLock(
      FileSystem fs, Path file, Duration beat, Map<String, Object> holder, Runnable onLoss) {
    this.fs = fs;
    this.file = file;
    this.beat = beat;
    this.holder = holder;
    this.onLoss = onLoss;
    this.heart = new Thread(this::keep, "tangents-lock");
    heart.setDaemon(true);
  }

  /**
   * Takes the folder for this process.
   *
   * @param beat time between two changes of the file
   * @param onLoss what stops this run if another process has taken the folder
   * @throws TangentsException of category USER if a living process holds it
   */
  static RunLock take(FileSystem fs, Path folder, Duration beat, Runnable onLoss)
      throws IOException {
    requireFree(fs, folder, beat);
    Map<String, Object> holder = new LinkedHashMap<>();
    holder.put("run", UUID.randomUUID().toString());
    holder.put("host", host());
    holder.putAll(ProcessName.ofThis());
    holder.put("since", Instant.now().toString());
    RunLock lock = new RunLock(fs, new Path(folder, NAME), beat, holder, onLoss);
    lock.write(0);
    // Two processes may have found the folder free at the same moment: the later one has it.
    if (lock.isAnothers()) {
      throw inUse(folder, read(fs, lock.file).orElse(Map.of()));
    }
    lock.heart.start();
    return lock;
  }

  /**
   * Checks that no living process holds the folder; waits for some beats where that cannot be told
   * from the file alone.
   *
   * @throws TangentsException of category USER if one does
   * @throws InterruptedIOException if the thread is interrupted before that can be told
   */
  static void requireFree(FileSystem fs, Path folder, Duration beat) throws IOException {
    Path file = new Path(folder, NAME);
    Optional<Map<String, Object>> found = read(fs, file);
    if (found.isEmpty() || ProcessName.isGone(found.get())) {
      return;
    }
    if (ProcessName.isAlive(found.get())) {
      throw inUse(folder, found.get());
    }
    pause(beat.multipliedBy(3));
    Optional<Map<String, Object>> later = read(fs, file);
    if (later.isPresent() && !later.equals(found)) {
      throw inUse(folder, later.get());
    }
  }

  private static TangentsException inUse(Path folder, Map<String, Object> holder) {
    return TangentsException.user(
        "output: %s is in use: process %s on %s writes there since %s. Wait for it to end, or give"
            + " another --output",
        folder, holder.get("pid"), holder.get("host"), holder.get("since"));
  }

  /** For people alone. */
  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  /** What the file says, nothing if it was left half written; empty if there is no file. */
  private static Optional<Map<String, Object>> read(FileSystem fs, Path file) throws IOException {
    Map<String, Object> holder = new LinkedHashMap<>();
    for (int attempt = 0; attempt < ATTEMPTS && holder.isEmpty(); attempt++) {
      if (attempt > 0) {
        pause(MOMENT); // its process may be writing it just now
      }
      try (InputStream in = fs.open(file)) {
        JSON.readerForUpdating(holder).readValue(in.readAllBytes());
      } catch (FileNotFoundException e) {
        return Optional.empty();
      } catch (JacksonException | EOFException | ChecksumException e) {
        holder.clear(); // or its checksum, which a local file system keeps in a file beside it
      }
    }
    return Optional.of(holder);
  }

  private void write(long beats) throws IOException {
    Map<String, Object> content = new LinkedHashMap<>(holder);
    content.put("beats", beats);
    try (OutputStream out = fs.create(file, true)) {
      out.write(JSON.writeValueAsBytes(content));
    }
  }

  /**
   * Checks that the folder is still this process's, whose heart may have stood still.
   *
   * @throws TangentsException of category RESOURCE if another has taken it
   */
  public void requireOurs() throws IOException {
    if (isAnothers()) {
      throw TangentsException.resource(
          "output: another process has taken %s; this one stops", file.getParent());
    }
  }

  /**
   * Whether the file is gone or names another process. An empty one names nobody: a full file
   * system leaves that of a beat which it could not take.
   */
  private boolean isAnothers() throws IOException {
    return !read(fs, file)
        .filter(found -> found.isEmpty() || holder.get("run").equals(found.get("run")))
        .isPresent();
  }

  private void keep() {
    try {
      for (long beats = 1; !released.await(beat.toMillis(), TimeUnit.MILLISECONDS); beats++) {
        if (!renewed(beats)) {
          onLoss.run();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Changes the file; false if it names another process. */
  private boolean renewed(long beats) {
    try {
      if (isAnothers()) {
        return false;
      }
      write(beats);
    } catch (IOException e) {
      // A file system that fails for a moment has not given the folder away; tiles will report it.
      return true;
    }
    return true;
  }

  private static void pause(Duration time) throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while looking at who writes there");
    }
  }

  /** Leaves the folder to others. */
  @Override
  public void close() throws IOException {
    released.countDown();
    boolean interrupted = Thread.interrupted(); // whose run ends so leaves the folder as well
    try {
      while (heart.isAlive()) {
        try {
          heart.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (!isAnothers()) {
        fs.delete(file, false);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
