package dev.tangents.exec.nd4j.cuda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Sees all that its parent sees, but of ND4J's backends one alone. */
final class OneBackend extends ClassLoader {
  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

  private final String backend;

  OneBackend(ClassLoader parent, String backend) {
    super(parent);
    this.backend = backend;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(SERVICE)
        ? Collections.enumeration(List.of(text(backend)))
        : super.getResources(name);
  }

  private static URL text(String content) throws IOException {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
              }
            };
          }
        };
    return new URL("memory", "", -1, "nd4j-backend", handler);
  }
}
