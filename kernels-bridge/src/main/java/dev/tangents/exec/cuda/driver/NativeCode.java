package dev.tangents.exec.cuda.driver;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A native library that is open, and its functions by name. It stays loaded for as long as the
 * process lives: the driver does not survive being unloaded. Thread-safe.
 */
final class NativeCode implements NativeCalls {
  /** RTLD_LAZY | RTLD_NODELETE of Linux. */
  private static final int OPEN_FLAGS = 0x1001;

  private final NativeLibrary library;
  private final Map<String, Function> functions = new ConcurrentHashMap<>();

  private NativeCode(NativeLibrary library) {
    this.library = library;
  }

  /**
   * Opens the first of {@code names} that is found.
   *
   * @param purpose what it is, for the message
   * @param names file names, the best first
   * @param cure what to do if there is none
   * @throws TangentsException of category SETUP if none is found or none loads
   */
  static NativeCode open(SearchPath path, String purpose, List<String> names, String cure) {
    List<String> failures = new ArrayList<>();
    for (List<Path> folders : List.of(path.named(), List.<Path>of(), path.usual())) {
      for (String name : names) {
        for (String file :
            files(folders, name, folders == path.named() || folders == path.usual())) {
          try {
            return new NativeCode(
                NativeLibrary.getInstance(file, Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS)));
          } catch (UnsatisfiedLinkError e) {
            failures.add(file + ": " + firstLine(e));
          } catch (NoClassDefFoundError e) {
            throw withoutJna(e);
          }
        }
      }
    }
    throw TangentsException.setup(
        "%s not found: looked for %s in %s, in the loader's own folders (LD_LIBRARY_PATH, ldconfig)"
            + " and in %s. %s%s",
        purpose,
        String.join(", ", names),
        path.named().isEmpty()
            ? "the folders of " + SearchPath.PROPERTY + " and " + SearchPath.VARIABLE + " (unset)"
            : path.named(),
        path.usual(),
        cure,
        failures.isEmpty() ? "" : " (" + failures.get(0) + ")");
  }

  private static List<String> files(List<Path> folders, String name, boolean byFolder) {
    if (!byFolder) {
      return List.of(name);
    }
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::exists)
        .map(Path::toString)
        .toList();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static TangentsException withoutJna(Throwable e) {
    return TangentsException.setup(
            "JNA: its class or its own native library does not load (%s). It needs jna.jar on the class"
                + " path and a folder for temporary files in which libraries may be executed"
                + " (system property jna.tmpdir)",
            firstLine(e))
        .causedBy(e);
  }

  @Override
  public String file() {
    return String.valueOf(library.getFile());
  }

  /**
   * Loads what lies beside it and begins with a name: libraries that this one opens by name alone
   * are found then, wherever they lie. Does nothing if there is none.
   */
  void loadBeside(String beginning) {
    Path folder = Path.of(file()).getParent();
    if (folder == null) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, beginning + "*")) {
      for (Path file : files) {
        NativeLibrary.getInstance(file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
      }
    } catch (IOException | DirectoryIteratorException | UnsatisfiedLinkError e) {
      // It is looked for by the loader then, as without this.
      return;
    }
  }

  @Override
  public boolean has(String name) {
    try {
      function(name);
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  @Override
  public int call(String name, Object... arguments) {
    return function(name).invokeInt(arguments);
  }

  /** The C string that function {@code name} returns. */
  String text(String name, Object... arguments) {
    return function(name).invokeString(arguments, false);
  }

  private Function function(String name) {
    return functions.computeIfAbsent(name, library::getFunction);
  }
}
