package dev.tangents.udfs.plan;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link SparkFixture} of their JVM. */
final class SparkExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkFixture.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // Closed by JUnit after the last class.
    return context
        .getRoot()
        .getStore(Namespace.create(SparkExtension.class))
        .getOrComputeIfAbsent(SparkFixture.class, type -> new SparkFixture(), SparkFixture.class);
  }
}
