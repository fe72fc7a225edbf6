package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.cuda.Nd4jBackends;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.ProfilerConfig;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The one place that touches ND4J's global state: number of threads, profiling, garbage collection,
 * logging. We hold no state of our own here; ND4J and OpenBLAS keep theirs per process, so all
 * engines of a JVM share one number of threads and the last to be created decides it. An engine
 * notices when another has changed it ({@link #requireThreads}).
 */
final class Nd4jRuntime {
  private Nd4jRuntime() {}

  /**
   * Loads ND4J and sets the threads of BLAS and of elementwise operations, whatever the environment
   * says: the number changes the bits of a product, so it is part of a result.
   *
   * @throws TangentsException of category SETUP if ND4J does not load or does not obey
   */
  static void initialise(int threads) {
    System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
    Nd4jBackends.CPU.choose();
    try {
      Nd4jBackends.CPU.requireLoaded();
      Nd4j.getExecutioner().setProfilingConfig(ProfilerConfig.builder().build());
      // It would call System.gc() now and then; our memory is closed, never collected.
      Nd4j.getMemoryManager().togglePeriodicGc(false);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      Nd4j.getEnvironment().setMaxMasterThreads(threads);
      openblas_nolapack.blas_set_num_threads(threads);
    } catch (TangentsException e) {
      throw e;
    } catch (LinkageError | RuntimeException e) {
      throw TangentsException.setup(
              "ND4J: its native library does not load (%s). It needs the jars with the native libraries of"
                  + " nd4j-native, openblas and javacpp for this platform, %s, and a writable cache folder"
                  + " (system property org.bytedeco.javacpp.cachedir)",
              reason(e), Loader.Detector.getPlatform())
          .causedBy(e);
    }
    requireThreads(threads);
  }

  /** A class that failed to initialise tells why in its innermost cause alone. */
  private static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = String.valueOf(innermost.getMessage());
    String line = message.lines().findFirst().orElse(message);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /**
   * Checks that arithmetic still uses {@code threads} threads.
   *
   * @throws TangentsException of category SETUP if not
   */
  static void requireThreads(int threads) {
    int blas = openblas_nolapack.blas_get_num_threads();
    int elementwise = Nd4j.getEnvironment().maxMasterThreads();
    if (blas != threads || elementwise != threads) {
      throw TangentsException.setup(
          "ND4J: expected %s of arithmetic, BLAS uses %d and elementwise operations %d. Results would"
              + " differ in their last bits. Use one number of threads in one JVM, at most the processors",
          counted(threads), blas, elementwise);
    }
  }

  /** Versions, BLAS with its kernel family, and threads, for the record of a run. */
  static String describe(Precision precision) {
    return "nd4j %s (%s, %s, kernels %s, %s, %s)"
        .formatted(
            version(),
            Nd4j.getBackend().getClass().getSimpleName(),
            blas(),
            BlasKernels.inUse(),
            counted(openblas_nolapack.blas_get_num_threads()),
            precision);
  }

  private static String counted(int threads) {
    return threads + (threads == 1 ? " thread" : " threads");
  }

  /** Bytes that may still be allocated outside of the heap; the smaller of JavaCPP's two limits. */
  static long availableBytes(long live) {
    long byCount = limit(Pointer.maxBytes()) - Pointer.totalBytes() - live;
    long byProcess = limit(Pointer.maxPhysicalBytes()) - Pointer.physicalBytes();
    return Math.max(0, Math.min(byCount, byProcess));
  }

  private static long limit(long bytes) {
    return bytes > 0 ? bytes : Long.MAX_VALUE;
  }

  private static String blas() {
    return openblas_nolapack.blas_get_vendor() == 2
        ? openblas_nolapack.OPENBLAS_VERSION.strip()
        : "BLAS vendor " + openblas_nolapack.blas_get_vendor();
  }

  private static String version() {
    Properties properties = new Properties();
    String resource = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
    try (InputStream stream = Nd4j.class.getResourceAsStream(resource)) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }
}
