package dev.tangents.exec.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Folders in which a library of CUDA may be, in the order in which they are tried: those that the
 * user names, the loader's own, CUDA's usual ones. A folder with a subfolder {@code nvidia} is one
 * of Python's packages, and stands for the folders of NVIDIA's wheels in it.
 *
 * @param named folders that the user names, tried before the loader's own
 * @param usual folders of usual installations, tried after them
 */
record SearchPath(List<Path> named, List<Path> usual) {
  /** System property with folders, separated as in a class path. */
  static final String PROPERTY = "dev.tangents.cuda.path";

  /** Environment variable with folders, separated as in a class path. */
  static final String VARIABLE = "TANGENTS_CUDA_PATH";

  /** Copies the lists. */
  SearchPath {
    named = List.copyOf(named);
    usual = List.copyOf(usual);
  }

  /** The search path that the property, the variables and the disk of this machine give. */
  static SearchPath ofMachine() {
    return of(System::getProperty, System.getenv()::get);
  }

  static SearchPath of(UnaryOperator<String> properties, UnaryOperator<String> environment) {
    Set<Path> named = new LinkedHashSet<>();
    addAll(named, properties.apply(PROPERTY));
    addAll(named, environment.apply(VARIABLE));
    Set<Path> usual = new LinkedHashSet<>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = environment.apply(variable);
      if (home != null && !home.isBlank()) {
        usual.add(Path.of(home, "lib64"));
      }
    }
    usual.add(Path.of("/usr/local/cuda/lib64"));
    usual.add(Path.of("/usr/lib/x86_64-linux-gnu"));
    usual.add(Path.of("/usr/lib/aarch64-linux-gnu"));
    usual.add(Path.of("/usr/lib64"));
    // The driver of Windows, as its subsystem for Linux shows it.
    usual.add(Path.of("/usr/lib/wsl/lib"));
    return new SearchPath(List.copyOf(named), List.copyOf(usual));
  }

  private static void addAll(Set<Path> folders, String list) {
    if (list == null || list.isBlank()) {
      return;
    }
    for (String entry : list.split(File.pathSeparator, -1)) {
      if (!entry.isBlank()) {
        folders.add(Path.of(entry));
        folders.addAll(wheels(Path.of(entry)));
      }
    }
  }

  /** nvidia/cublas/lib, nvidia/cuda_nvrtc/lib, nvidia/cu13/lib and so on, in the order of names. */
  private static List<Path> wheels(Path packages) {
    Path nvidia = packages.resolve("nvidia");
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(nvidia)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(nvidia)) {
        stream.forEach(wheel -> folders.add(wheel.resolve("lib")));
      } catch (IOException e) {
        return List.of(); // as if it were not there; what is missing is named where it is missed
      }
    }
    return folders.stream().filter(Files::isDirectory).sorted().toList();
  }
}
