package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bytedeco.javacpp.Loader;

/** The library with ND4J's kernels for GPUs, where it is on the class path. */
final class Nd4jCudaLibrary {
  private static final String FOLDER = "org/nd4j/linalg/jcublas/bindings/";
  private static final String FILE = "/libnd4jcuda.so";

  /**
   * What is in a published library, by its bytes and their CRC-32 as its jar lists them: reading
   * 900 MB takes seconds. {@code Nd4jCudaClassPathTest} reads them and compares.
   */
  private static final Map<Identity, CudaCode> KNOWN =
      Map.of(
          // nd4j-cuda-11.6, 1.0.0-M2.1, linux-x86_64
          new Identity(905_138_248L, 0x79F1_D80DL),
          CudaCode.of(List.of(37, 50, 52, 60, 61, 70, 75, 80, 86), List.of()));

  private final URL url;

  private Nd4jCudaLibrary(URL url) {
    this.url = url;
  }

  /** Which bytes. */
  record Identity(long bytes, long crc) {}

  /**
   * The library for this platform.
   *
   * @throws TangentsException of category SETUP if it is not on the class path
   */
  static Nd4jCudaLibrary find(ClassLoader loader) {
    String name = FOLDER + Loader.Detector.getPlatform() + FILE;
    URL url = loader.getResource(name);
    if (url == null) {
      throw TangentsException.setup(
          "ND4J CUDA: its library %s is not on the class path. Build with mvn -Pnd4j-cuda, and put the jars in"
              + " job/target/natives on the class path of driver and executors (--jars, or the jars folder of the"
              + " image's Spark), or use --engine nd4j",
          name);
    }
    return new Nd4jCudaLibrary(url);
  }

  /**
   * What it holds.
   *
   * @throws TangentsException of category SETUP if it cannot be read
   */
  CudaCode code() {
    try {
      CudaCode known = KNOWN.get(identity());
      return known == null ? read() : known;
    } catch (IOException e) {
      throw TangentsException.setup(
              "ND4J CUDA: %s cannot be read: %s. Its jar is damaged; fetch it again",
              url, e.getMessage())
          .causedBy(e);
    }
  }

  /** Whether {@link #code} looks it up. */
  boolean known() throws IOException {
    return KNOWN.containsKey(identity());
  }

  /** What it holds, by its bytes. */
  CudaCode read() throws IOException {
    try (InputStream in = open().getInputStream()) {
      return FatBinaries.read(in).orElseThrow(() -> new IOException("it has no code for GPUs"));
    }
  }

  private Identity identity() throws IOException {
    if (open() instanceof JarURLConnection jar) {
      try (JarFile file = jar.getJarFile()) {
        JarEntry entry = file.getJarEntry(jar.getEntryName());
        return new Identity(entry.getSize(), entry.getCrc());
      }
    }
    return new Identity(-1, -1);
  }

  /** Opens a connection that is not cached, so that whoever closes it closes the jar. */
  private URLConnection open() throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection;
  }
}
