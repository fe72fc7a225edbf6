package dev.tangents.job.io.input;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lists what lies below a folder. Folders of one depth are listed at once: an object store takes a
 * while for each, in which nothing is computed, and a table may have thousands.
 */
final class FolderWalk {
  /** As many as a client of an object store has connections for, of which others need some. */
  private static final int AT_ONCE = 32;

  private final FileSystem fs;
  private final Predicate<String> hidden;

  /**
   * A walk.
   *
   * @param hidden whether files and folders of a name are passed over, the latter without being
   *     looked into: what others are writing there may be gone
   */
  FolderWalk(FileSystem fs, Predicate<String> hidden) {
    this.fs = fs;
    this.hidden = hidden;
  }

  /**
   * The files in every folder below, sorted by their paths; a file is itself.
   *
   * @throws IOException if a folder cannot be listed
   */
  List<FileStatus> files(FileStatus top) throws IOException {
    if (!top.isDirectory()) {
      return List.of(top);
    }
    List<FileStatus> files = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, FolderWalk::thread);
    try {
      List<Path> folders = List.of(top.getPath());
      while (!folders.isEmpty()) {
        List<Path> below = new ArrayList<>();
        for (FileStatus child : children(threads, folders)) {
          if (child.isDirectory()) {
            below.add(child.getPath());
          } else {
            files.add(child);
          }
        }
        folders = below;
      }
    } finally {
      threads.shutdownNow();
    }
    files.sort(Comparator.comparing(FileStatus::getPath));
    return files;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "tangents-listing");
    thread.setDaemon(true);
    return thread;
  }

  /** What lies in folders, but for what is hidden. */
  private List<FileStatus> children(ExecutorService threads, List<Path> folders)
      throws IOException {
    List<Future<FileStatus[]>> listings = new ArrayList<>();
    for (Path folder : folders) {
      listings.add(threads.submit(() -> fs.listStatus(folder)));
    }
    List<FileStatus> children = new ArrayList<>();
    for (Future<FileStatus[]> listing : listings) {
      for (FileStatus child : result(listing)) {
        if (!hidden.test(child.getPath().getName())) {
          children.add(child);
        }
      }
    }
    return children;
  }

  private static FileStatus[] result(Future<FileStatus[]> listing) throws IOException {
    try {
      return listing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while listing");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
