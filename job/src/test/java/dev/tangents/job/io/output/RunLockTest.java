package dev.tangents.job.io.output;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who may write into a folder. */
class RunLockTest {
  private static final Duration BEAT = Duration.ofMillis(50);

  @TempDir private java.nio.file.Path folder;
  private FileSystem fs;
  private Path path;

  @BeforeEach
  void open() throws IOException {
    fs = FileSystem.getLocal(new Configuration());
    path = new Path(folder.toUri());
  }

  private RunLock take(Runnable onLoss) throws IOException {
    return RunLock.take(fs, path, BEAT, onLoss);
  }

  /** A file as versions wrote it that knew hosts alone. */
  private void put(String host, long pid, long started) throws IOException {
    put(host, pid, started, "");
  }

  private void put(String host, long pid, long started, String place) throws IOException {
    Files.writeString(
        folder.resolve("_lock"),
        """
        {"run": "another", "host": "%s", "pid": %d, "started": %d, %s"since": "noon", "beats": 1}
        """
            .formatted(host, pid, started, place));
    Files.deleteIfExists(folder.resolve("._lock.crc"));
  }

  private static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  /** Where numbers of processes mean ours, in another namespace of the same machine if need be. */
  private static String place(String namespace) throws IOException {
    return "\"boot\": \"%s\", \"pid-namespace\": \"%s\", "
        .formatted(
            Files.readString(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id")).strip(),
            namespace);
  }

  private static String here() throws IOException {
    return place(Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid")).toString());
  }

  private static long gone() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    assertTrue(gone.waitFor(1, TimeUnit.MINUTES));
    return gone.pid();
  }

  /** Takes the folder and leaves it. */
  private void assertIsTaken(Duration beat) throws IOException {
    RunLock lock = RunLock.take(fs, path, beat, () -> {});
    String text = Files.readString(folder.resolve("_lock"));
    lock.close();
    assertTrue(text.contains("\"pid\":" + ProcessHandle.current().pid() + ","), text);
    assertFalse(text.contains("another"), text);
    assertFalse(Files.exists(folder.resolve("_lock")));
  }

  @Test
  void aSecondRunIsRefusedUntilTheFirstHasLeft() throws Exception {
    RunLock first = take(() -> {});
    TangentsException refused = assertThrows(TangentsException.class, () -> take(() -> {}));
    assertTrue(
        refused.getMessage().contains("is in use: process " + ProcessHandle.current().pid()),
        refused::getMessage);
    first.close();
    assertFalse(Files.exists(folder.resolve("_lock")));
    assertIsTaken(BEAT);
  }

  @Test
  @Timeout(60)
  @EnabledOnOs(OS.LINUX)
  void aProcessOfThisMachineThatIsGoneHoldsNobodyOff() throws Exception {
    put(host(), gone(), 1, here());
    assertIsTaken(Duration.ofHours(1)); // without a look at what the file does
  }

  /** The number of a process that has ended is given to another one in time. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatBeganAtAnotherTimeIsAnotherOne() throws Exception {
    put(host(), ProcessHandle.current().pid(), 1, here());
    assertIsTaken(BEAT);
  }

  /** Or the clock was set since, and it is the same one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatBeganAtAnotherTimeMayHoldTheFolder() throws Exception {
    put(host(), ProcessHandle.current().pid(), 1, here());
    refusesWhatChanges(BEAT);
  }

  /** Containers of one machine may have one name; each numbers its own processes. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessOfAnotherContainerMayLive() throws Exception {
    put(host(), gone(), 1, place("pid:[1]"));
    refusesWhatChanges(BEAT);
    assertIsTaken(BEAT);
  }

  @Test
  void aFileOfAnEarlierVersionDoesNotSayWhoseNumberItIs() throws Exception {
    put(host(), gone(), 1);
    refusesWhatChanges(BEAT);
    put(host(), gone(), 1);
    assertIsTaken(BEAT);
  }

  @Test
  void aFileThatDoesNotChangeHoldsNobodyOff() throws Exception {
    put("elsewhere", 1, 1);
    assertIsTaken(BEAT);
  }

  /** It has not been seen whether the file changes. */
  @Test
  void whoIsInterruptedDoesNotTakeTheFolder() throws Exception {
    put("elsewhere", 1, 1);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> take(() -> {}));
    assertTrue(Thread.interrupted());
    assertTrue(Files.readString(folder.resolve("_lock")).contains("another"));
  }

  @Test
  void aFileThatChangesIsALivingProcessElsewhere() throws Exception {
    put("elsewhere", 1, 1);
    refusesWhatChanges(BEAT);
  }

  /**
   * Its file system was full at its last beat. It is looked at for longer than it takes to write.
   */
  @Test
  void anEmptyFileThatIsFilledIsALivingProcess() throws Exception {
    Files.writeString(folder.resolve("_lock"), "");
    refusesWhatChanges(Duration.ofSeconds(1));
  }

  private void refusesWhatChanges(Duration beat) throws Exception {
    Thread other =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(beat.toMillis());
                put("elsewhere", 1, 2);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    other.start();
    TangentsException refused =
        assertThrows(TangentsException.class, () -> RunLock.take(fs, path, beat, () -> {}));
    other.join();
    assertTrue(refused.getMessage().contains("process 1 on elsewhere"), refused::getMessage);
  }

  @Test
  void whoLosesTheFolderIsToldAndLeavesTheFileAlone() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    RunLock lock = take(lost::countDown);
    put("elsewhere", 1, 1);
    assertTrue(lost.await(1, TimeUnit.MINUTES));
    lock.close();
    assertTrue(Files.exists(folder.resolve("_lock")));
  }

  /** A process that is killed while it writes the file leaves it empty. */
  @Test
  void anEmptyFileHoldsNobodyOff() throws Exception {
    Files.writeString(folder.resolve("_lock"), "");
    assertIsTaken(BEAT);
  }

  /**
   * A beat that a full file system could not take leaves the file empty, and is no other process.
   */
  @Test
  void anEmptyFileIsWrittenAgainByItsHolder() throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    RunLock lock = take(lost::countDown);
    Files.deleteIfExists(folder.resolve("._lock.crc"));
    Files.writeString(folder.resolve("_lock"), "");
    String later = "";
    for (int i = 0; i < 1200 && later.isEmpty() && lost.getCount() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
      later = Files.readString(folder.resolve("_lock"));
    }
    assertTrue(later.contains("beats"), later);
    lock.requireOurs();
    lock.close();
    assertFalse(Files.exists(folder.resolve("_lock")));
  }

  @Test
  void theFileChangesWhileTheFolderIsHeld() throws Exception {
    RunLock lock = take(() -> {});
    String first = Files.readString(folder.resolve("_lock"));
    String later = first;
    for (int i = 0; i < 1200 && (later.isEmpty() || later.equals(first)); i++) {
      TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
      later = Files.readString(folder.resolve("_lock")); // empty at the moment of a beat
    }
    lock.close();
    assertTrue(later.contains("beats"), later);
    assertFalse(later.equals(first), later);
  }
}
