package dev.tangents.it.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link Cluster} of two Workers and the {@link Undisturbed} result of {@link
 * Workload#DIGITS}. There is one of each for all test classes; whoever kills a Worker starts a
 * cluster of its own.
 */
final class ClusterExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == Undisturbed.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // Closed by JUnit after the last class, whatever failed.
    Store store = context.getRoot().getStore(Namespace.create(ClusterExtension.class));
    Class<?> type = parameter.getParameter().getType();
    return store.getOrComputeIfAbsent(type, key -> start(type), Object.class);
  }

  private static Object start(Class<?> type) {
    Path folder = Path.of("target", "cluster").toAbsolutePath();
    try {
      return type == Cluster.class
          ? new Cluster(folder.resolve("shared-" + System.nanoTime()), 2, 1)
          : Undisturbed.run(folder.resolve("undisturbed-" + System.nanoTime()), Workload.DIGITS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
