package dev.tangents.exec.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.ByReference;
import dev.tangents.error.TangentsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Nothing of a device stays taken, whichever call of its libraries fails. */
class CudaSessionTest {
  /** Most calls that any of these takes. */
  private static final int MOST = 200;

  /** Libraries without a device: they hand numbers out, and know which did not come back. */
  private static final class Libraries implements NativeCalls {
    /** What takes something, by what gives it back. */
    private static final Map<String, String> TAKERS =
        Map.of(
            "cuMemFreeHost", "cuMemHostAlloc",
            "cuMemFree_v2", "cuMemAlloc_v2",
            "cuEventDestroy_v2", "cuEventCreate",
            "cuStreamDestroy_v2", "cuStreamCreate",
            "cublasDestroy_v2", "cublasCreate_v2");

    private final List<String> taken = new ArrayList<>();
    private int last;
    private int callsToFailure;

    /** Lets the call fail that comes after so many. */
    void failAfter(int calls) {
      callsToFailure = calls + 1;
    }

    /** Lets all calls succeed; whether the one that was to fail has come. */
    boolean stopFailing() {
      boolean failed = callsToFailure <= 0;
      callsToFailure = Integer.MAX_VALUE;
      return failed;
    }

    @Override
    public int call(String name, Object... arguments) {
      if (name.startsWith("cuGetError")) {
        return 1;
      }
      if (--callsToFailure == 0) {
        return 1;
      }
      if (name.equals("cuDevicePrimaryCtxRetain")) {
        taken.add(name); // a process has one, and counts how often
      } else if (name.equals("cuDevicePrimaryCtxRelease_v2")) {
        assertTrue(taken.remove("cuDevicePrimaryCtxRetain"));
      } else if (TAKERS.containsValue(name)) {
        take(name, arguments[0]);
      } else if (TAKERS.containsKey(name)) {
        String back = TAKERS.get(name) + number(arguments[0]);
        assertTrue(taken.remove(back), () -> back + " of " + taken);
      }
      return 0;
    }

    private void take(String name, Object result) {
      last++;
      Pointer place =
          result instanceof ByReference reference ? reference.getPointer() : (Pointer) result;
      place.setLong(0, last);
      taken.add(name + last);
    }

    List<String> taken() {
      return taken.stream().sorted().toList();
    }

    private static long number(Object handle) {
      return handle instanceof Pointer pointer ? Pointer.nativeValue(pointer) : (Long) handle;
    }

    @Override
    public boolean has(String name) {
      return true;
    }

    @Override
    public String file() {
      return "no file";
    }
  }

  private final Libraries libraries = new Libraries();
  private final CudaDriver driver = new CudaDriver(libraries);

  private CudaSession open() {
    return CudaSession.open(driver, 0, () -> libraries);
  }

  /** Opens it with one failing call after the other, and then closes it in the same way. */
  private void assertLeavesNothing(Function<CudaContext, AutoCloseable> opener) throws Exception {
    libraries.stopFailing();
    CudaContext context = new CudaContext(driver, 0);
    List<String> before = libraries.taken();
    boolean failed = true;
    for (int calls = 0; failed; calls++) {
      assertTrue(calls < MOST);
      libraries.failAfter(calls);
      try {
        AutoCloseable open = opener.apply(context);
        failed = libraries.stopFailing();
        open.close();
      } catch (TangentsException e) {
        assertTrue(libraries.stopFailing(), e::getMessage);
      }
      assertEquals(before, libraries.taken(), "opened, where call " + calls + " failed");
    }
    failed = true;
    for (int calls = 0; failed; calls++) {
      assertTrue(calls < MOST);
      AutoCloseable open = opener.apply(context);
      libraries.failAfter(calls);
      try {
        open.close();
        failed = libraries.stopFailing();
      } catch (TangentsException e) {
        assertTrue(libraries.stopFailing(), e::getMessage);
      }
      int most = before.size() + (failed ? 1 : 0); // what that call would have given back
      assertTrue(
          libraries.taken.size() <= most, libraries.taken + ", closed but for call " + calls);
      libraries.taken.clear();
      libraries.taken.addAll(before);
    }
  }

  @Test
  void ofASessionNothingStaysTaken() throws Exception {
    assertLeavesNothing(context -> open());
  }

  @Test
  void ofAContextNothingStaysTaken() throws Exception {
    assertLeavesNothing(context -> new CudaContext(driver, 0));
  }

  @Test
  void ofStagingNothingStaysTaken() throws Exception {
    assertLeavesNothing(Staging::new);
  }

  @Test
  void ofACopyNothingStaysTaken() throws Exception {
    assertLeavesNothing(context -> new PinnedCopy(context, 1024));
  }

  @Test
  void ofAClockNothingStaysTaken() throws Exception {
    assertLeavesNothing(context -> new EventClock(context, 3));
  }

  @Test
  void withoutCublasTheMessageIsThatOfItsAbsence() {
    libraries.stopFailing();
    TangentsException missing =
        assertThrows(
            TangentsException.class,
            () ->
                CudaSession.open(
                    driver,
                    0,
                    () -> {
                      throw TangentsException.setup("cuBLAS not found");
                    }));
    assertEquals("cuBLAS not found", missing.getMessage());
    assertEquals(List.of(), libraries.taken());
  }
}
