package dev.tangents.exec.cuda.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Compiled code on disk, by a hash of what it was compiled from. A file is a digest of the code and
 * the code; one whose digest is wrong counts as missing. A folder that cannot be written to costs
 * time, not the run.
 */
public final class CodeCache {
  /** System property with the folder; empty for no cache. */
  public static final String PROPERTY = "dev.tangents.cuda.cache";

  private static final int DIGEST_BYTES = 32;

  private final Optional<Path> folder;

  CodeCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * The cache in the folder that the property names, else in {@code .cache/tangents/cuda} of the
   * user's home.
   */
  public static CodeCache ofUser() {
    return of(System::getProperty);
  }

  static CodeCache of(UnaryOperator<String> properties) {
    String named = properties.apply(PROPERTY);
    if (named != null) {
      return new CodeCache(Optional.of(named).filter(name -> !name.isBlank()).map(Path::of));
    }
    Optional<String> home = Optional.ofNullable(properties.apply("user.home"));
    return new CodeCache(home.map(user -> Path.of(user, ".cache", "tangents", "cuda")));
  }

  /** The code of that key, compiled if it is not there. */
  public byte[] get(String key, Supplier<byte[]> compiler) {
    Optional<Path> file = folder.map(place -> place.resolve(key + ".bin"));
    Optional<byte[]> known = file.flatMap(CodeCache::read);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] code = compiler.get();
    file.ifPresent(place -> write(place, code));
    return code;
  }

  private static Optional<byte[]> read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      byte[] all = Files.readAllBytes(file);
      if (all.length <= DIGEST_BYTES) {
        return Optional.empty();
      }
      byte[] code = Arrays.copyOfRange(all, DIGEST_BYTES, all.length);
      boolean whole = Arrays.equals(digest(code), Arrays.copyOf(all, DIGEST_BYTES));
      return whole ? Optional.of(code) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void write(Path file, byte[] code) {
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "part", ".tmp");
      byte[] all = Arrays.copyOf(digest(code), DIGEST_BYTES + code.length);
      System.arraycopy(code, 0, all, DIGEST_BYTES, code.length);
      Files.write(part, all);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The next process compiles again.
      return;
    }
  }

  private static byte[] digest(byte[] code) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(code);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
