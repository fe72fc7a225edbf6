package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of what is being written. */
class WriteBehindTest {
  @Test
  void callersGoOnAndHearOfItLater() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    try (WriteBehind<String> behind = new WriteBehind<>()) {
      assertEquals(Optional.empty(), behind.settle());
      assertFalse(behind.busy());
      behind.begin(
          () -> {
            go.await(); // until the caller is back
            return "written";
          });
      assertTrue(behind.busy());
      assertThrows(IllegalStateException.class, () -> behind.begin(() -> "another"));
      go.countDown();
      assertEquals(Optional.of("written"), behind.settle());
      assertFalse(behind.busy());
      assertEquals(Optional.empty(), behind.settle());
    }
  }

  @Test
  void aFailureIsThrownOnceAsItWas() throws IOException {
    IOException full = new IOException("full");
    IllegalArgumentException wrong = new IllegalArgumentException("wrong");
    try (WriteBehind<String> behind = new WriteBehind<>()) {
      behind.begin(
          () -> {
            throw full;
          });
      assertSame(full, assertThrows(IOException.class, behind::settle));
      behind.begin(
          () -> {
            throw wrong;
          });
      assertSame(wrong, assertThrows(IllegalArgumentException.class, behind::settle));
      assertEquals(Optional.empty(), behind.settle());
    }
  }

  /** What was computed before something failed is worth its file. */
  @Test
  void closingWaitsForTheEnd() {
    AtomicBoolean whole = new AtomicBoolean();
    try (WriteBehind<String> behind = new WriteBehind<>()) {
      behind.begin(
          () -> {
            Thread.sleep(200);
            whole.set(true);
            return "written";
          });
    }
    assertTrue(whole.get());
  }

  @Test
  void anInterruptStopsWhatIsBeingWritten() {
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicBoolean whole = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    try (WriteBehind<String> behind = new WriteBehind<>()) {
      behind.begin(
          () -> {
            try {
              never.await();
              whole.set(true);
            } catch (InterruptedException e) {
              stopped.set(true);
            }
            return "not written";
          });
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, behind::settle);
    }
    assertTrue(Thread.interrupted(), "the interrupt is still there for the caller");
    assertTrue(stopped.get());
    assertFalse(whole.get());
  }
}
