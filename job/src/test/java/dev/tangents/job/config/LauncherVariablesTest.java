package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LauncherVariablesTest {
  @Test
  void everyVariableThatTheScriptReadsIsDescribed() throws IOException {
    String script = Files.readString(Path.of("bin", "tangents"));
    Matcher read = Pattern.compile("\\$\\{([A-Z][A-Z_]+):-").matcher(script);
    Set<String> names = new TreeSet<>(Set.of("OPENBLAS_CORETYPE")); // which OpenBLAS reads
    while (read.find()) {
      names.add(read.group(1));
    }
    assertEquals(names, new TreeSet<>(LauncherVariables.parse(script).keySet()));
  }

  @Test
  void meaningsGoOnInTheNextLine() {
    assertEquals(
        "{A_B=what it is and more, C=else}",
        LauncherVariables.parse(
                "#   A_B   what it is\n#         and more\n#   C     else\nset -e\n")
            .toString());
  }
}
