package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in folders. */
class FolderWalkTest {
  private static final int SECONDS = 20;

  @TempDir private java.nio.file.Path folder;

  @BeforeEach
  void files() throws IOException {
    for (String name :
        List.of("b=1/c=2/x", "b=1/c=1/x", "b=2/x", "a", "b=1/_temporary/x", "b=2/.x")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.createFile(folder.resolve(name));
    }
  }

  private List<String> names(RawLocalFileSystem fs) throws IOException {
    try (fs) {
      fs.initialize(folder.toUri(), new Configuration());
      FileStatus top = fs.getFileStatus(new Path(folder.toUri()));
      int above = top.getPath().toString().length() + 1;
      return new FolderWalk(fs, name -> name.startsWith("_") || name.startsWith("."))
          .files(top).stream().map(file -> file.getPath().toString().substring(above)).toList();
    }
  }

  @Test
  void filesOfAllDepthsAreSorted() throws IOException {
    assertEquals(List.of("a", "b=1/c=1/x", "b=1/c=2/x", "b=2/x"), names(new RawLocalFileSystem()));
  }

  @Test
  void aFileIsItself() throws IOException {
    try (RawLocalFileSystem fs = new RawLocalFileSystem()) {
      fs.initialize(folder.toUri(), new Configuration());
      FileStatus file = fs.getFileStatus(new Path(folder.resolve("a").toUri()));
      assertEquals(List.of(file), new FolderWalk(fs, name -> true).files(file));
    }
  }

  /** Each waits for the other: one after the other they would wait in vain. */
  @Test
  void foldersOfOneDepthAreListedAtOnce() throws IOException {
    CyclicBarrier both = new CyclicBarrier(2);
    RawLocalFileSystem waiting =
        new RawLocalFileSystem() {
          @Override
          public FileStatus[] listStatus(Path path) throws IOException {
            if (!path.toString().endsWith(folder.getFileName().toString())) {
              await(both);
            }
            return super.listStatus(path);
          }
        };
    assertEquals(names(new RawLocalFileSystem()), names(waiting));
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IOException("listed alone", e);
    }
  }

  @Test
  void aFolderThatCannotBeListedIsAnError() {
    RawLocalFileSystem broken =
        new RawLocalFileSystem() {
          @Override
          public FileStatus[] listStatus(Path path) throws IOException {
            if (path.getName().equals("c=2")) {
              throw new IOException("no access to " + path.getName());
            }
            return super.listStatus(path);
          }
        };
    IOException e = assertThrows(IOException.class, () -> names(broken));
    assertEquals("no access to c=2", e.getMessage());
  }
}
