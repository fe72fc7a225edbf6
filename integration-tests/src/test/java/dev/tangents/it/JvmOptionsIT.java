package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/**
 * The JVM options of Spark are copied into the parent POM and the launcher; the copies must be
 * whole.
 */
class JvmOptionsIT {
  private static final List<String> SPARK_OPTIONS =
      List.of(JavaModuleOptions.defaultModuleOptions().split(" +"));

  @Test
  void testsRunWithTheOptionsOfSpark() {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    assertEquals(List.of(), SPARK_OPTIONS.stream().filter(Predicate.not(given::contains)).toList());
  }

  @Test
  void launcherOpensThePackagesThatSparkOpens() throws IOException {
    Path launcher = Path.of(System.getProperty("tangents.root"), "job", "bin", "tangents");
    String script = Files.readString(launcher);
    List<String> packages =
        SPARK_OPTIONS.stream()
            .filter(option -> option.startsWith("--add-opens="))
            .map(option -> option.split("=", -1)[1])
            .toList();
    assertTrue(packages.size() > 10, () -> "Spark names too few packages: " + packages);
    assertEquals(
        List.of(),
        packages.stream().filter(name -> !script.matches("(?s).*\\s" + name + "[ ;].*")).toList());
  }
}
