package dev.tangents.it.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * What is submitted.
 *
 * @param jar where it is: a path, which every executor fetches from the driver, or {@link
 *     Spark#JAR}
 * @param mainClass where it begins
 * @param arguments what it is told
 */
record Program(String jar, String mainClass, List<String> arguments) {
  Program {
    arguments = List.copyOf(arguments);
  }

  /** Ours. */
  static Program job(String jar, List<String> arguments) {
    return new Program(jar, "dev.tangents.job.Main", arguments);
  }

  /** A class of the tests by itself, in a jar that is put into a folder. */
  static Program of(Class<?> mainClass, Path folder, List<String> arguments) throws IOException {
    Path jar = folder.resolve(mainClass.getSimpleName() + ".jar");
    String entry = mainClass.getName().replace('.', '/') + ".class";
    try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
        InputStream code = mainClass.getClassLoader().getResourceAsStream(entry)) {
      output.putNextEntry(new JarEntry(entry));
      code.transferTo(output);
    }
    return new Program(jar.toString(), mainClass.getName(), arguments);
  }
}
