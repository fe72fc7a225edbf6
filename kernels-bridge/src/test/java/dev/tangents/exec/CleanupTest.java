package dev.tangents.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Giving everything back, whatever fails. */
class CleanupTest {
  private final List<String> done = new ArrayList<>();
  private final Cleanup cleanup = new Cleanup();

  private void step(String name) {
    done.add(name);
    if (name.startsWith("bad")) {
      throw new IllegalStateException(name);
    }
  }

  @Test
  void theLastStepIsTheFirstAndNoneIsDoneTwice() {
    List.of("one", "two", "three").forEach(name -> cleanup.add(() -> step(name)));
    cleanup.close();
    cleanup.close();
    assertEquals(List.of("three", "two", "one"), done);
  }

  @Test
  void aFailureKeepsNoOtherStepFromBeingDone() {
    List.of("one", "bad two", "three", "bad four").forEach(name -> cleanup.add(() -> step(name)));
    IllegalStateException first = assertThrows(IllegalStateException.class, cleanup::close);
    assertEquals("bad four", first.getMessage());
    assertEquals(
        List.of("bad two"),
        Arrays.stream(first.getSuppressed()).map(Throwable::getMessage).toList());
    assertEquals(List.of("bad four", "three", "bad two", "one"), done);
  }
}
