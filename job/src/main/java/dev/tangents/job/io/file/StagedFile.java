package dev.tangents.job.io.file;

import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * A file on its way. It is written under another name and renamed when it is whole. An object store
 * has no such rename, it copies; but where a stream can be aborted, a file is visible only once its
 * stream is closed: so it is written under its own name, and closed when it is committed.
 */
public final class StagedFile {
  /** Bytes of the stream's buffer, which serves headers; pages are larger and go past it. */
  private static final int BUFFER = 64 << 10;

  private final FileSystem fs;
  private final Path target;
  private final boolean direct;
  private final Path written;
  private final short replication;

  /**
   * Memory from which the file is written past the page cache of a local disk; empty where it may
   * not be.
   */
  private final Optional<DiskBuffer> uncached;

  private Stream stream;
  private boolean committed;

  /**
   * What will be {@code target}.
   *
   * @param attempt what makes the temporary name differ from that of another attempt
   */
  public StagedFile(FileSystem fs, Path target, long attempt) throws IOException {
    this(fs, target, attempt, fs.getDefaultReplication(target), Optional.empty());
  }

  private StagedFile(
      FileSystem fs, Path target, long attempt, short replication, Optional<DiskBuffer> uncached)
      throws IOException {
    this.fs = fs;
    this.target = target;
    this.direct = fs.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM);
    this.written = direct ? target : Commits.temporary(target, attempt);
    this.replication = replication;
    this.uncached = uncached;
  }

  /** A file of which a file system keeps a single copy: what is lost can be made again. */
  public static StagedFile single(FileSystem fs, Path target, long attempt) throws IOException {
    return new StagedFile(fs, target, attempt, (short) 1, Optional.empty());
  }

  /**
   * A file of many MiB that this run does not read again.
   *
   * @param memory for no other file until this one is committed or abandoned
   */
  public static StagedFile unread(FileSystem fs, Path target, long attempt, DiskBuffer memory)
      throws IOException {
    short replication = fs.getDefaultReplication(target);
    return new StagedFile(fs, target, attempt, replication, Optional.of(memory));
  }

  /** Opens it with blocks of the file system's size. */
  public FSDataOutputStream create() throws IOException {
    return create(0);
  }

  /** Opens it with blocks of at least {@code blockSize}. */
  public FSDataOutputStream create(long blockSize) throws IOException {
    long block = Math.max(blockSize, fs.getDefaultBlockSize(written));
    FsPermission permission = FsPermission.getFileDefault();
    FSDataOutputStream opened =
        fs.getClass() == RawLocalFileSystem.class
            ? local()
            : fs.create(written, permission, true, BUFFER, replication, block, null);
    stream = new Stream(opened, direct);
    return new FSDataOutputStream(stream, null);
  }

  /**
   * A stream to a file of a local disk, past the page cache where it is not read again and the disk
   * is known to take it. To create a file, Hadoop starts a chmod; to append to one it does not.
   */
  private FSDataOutputStream local() throws IOException {
    java.nio.file.Path file = java.nio.file.Path.of(written.toUri().getPath());
    if (!fs.mkdirs(written.getParent())) {
      throw new IOException("the folder " + written.getParent() + " cannot be made");
    }
    new FileOutputStream(file.toFile()).close(); // says why, where it cannot be
    return uncached.isPresent() && UncachedStream.suits(file)
        ? new FSDataOutputStream(UncachedStream.over(file, uncached.get()), null)
        : fs.append(written, BUFFER);
  }

  /** Gives the closed file its name; returns its bytes. */
  public long commit() throws IOException {
    stream.end();
    long bytes = fs.getFileStatus(written).getLen();
    if (!direct) {
      Commits.rename(fs, written, target);
    }
    committed = true;
    return bytes;
  }

  /** Leaves nothing of a file that was not committed. Does nothing to one that was. */
  public void abandon() throws IOException {
    if (committed || stream == null) {
      return;
    }
    try {
      stream.discard();
    } catch (IOException e) {
      // A full disk fails again when what is left is flushed; the first failure is told.
    } finally {
      if (!direct) {
        fs.delete(written, false);
      }
    }
  }

  /**
   * The stream. Its writer may close it late, when the file is given up, or early, when writing the
   * last of it has failed; so what decides is whether the file is committed.
   */
  private static final class Stream extends FilterOutputStream {
    private final FSDataOutputStream target;
    private final boolean keepsOpen;
    private boolean over;

    Stream(FSDataOutputStream target, boolean keepsOpen) {
      super(target);
      this.target = target;
      this.keepsOpen = keepsOpen;
    }

    @Override
    public void write(int b) throws IOException {
      if (!over) {
        target.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (!over) {
        target.write(bytes, from, length);
      }
    }

    @Override
    public void flush() throws IOException {
      if (!over) {
        target.flush();
      }
    }

    @Override
    public void close() throws IOException {
      if (!keepsOpen) {
        end();
      }
    }

    void end() throws IOException {
      if (!over) {
        over = true;
        target.close();
      }
    }

    void discard() throws IOException {
      if (over) {
        return;
      }
      over = true;
      if (keepsOpen) {
        target.abort();
      } else {
        target.close();
      }
    }
  }
}
