package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars that a session is given have the functions, and what they need is not Spark's. */
class SqlJarIT {
  @ParameterizedTest
  @ValueSource(strings = {"-all.jar", "-thin.jar"})
  void jarsHaveTheExtension(String end) throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("tangents.jar").replace("-all.jar", end))) {
      assertNotNull(jar.getEntry("dev/tangents/udfs/TangentsExtensions.class"));
      assertNotNull(jar.getEntry("dev/tangents/udfs/plan/EvalDerivativesExec.class"));
      assertNotNull(jar.getEntry("dev/tangents/importer/onnx/OnnxImporter.class"));
      assertNotNull(jar.getEntry("dev/tangents/shaded/protobuf/Message.class"));
      assertNull(jar.getEntry("org/apache/spark/sql/catalyst/expressions/Expression.class"));
      assertNull(jar.getEntry("com/google/protobuf/Message.class"));
    }
  }
}
