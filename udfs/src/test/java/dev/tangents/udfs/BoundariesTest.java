package dev.tangents.udfs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The borders inside the functions' module, and that the rules which guard them can fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundariesTest {
  /** Raise it as the module grows: a rule over no classes holds for the wrong reason. */
  private static final int LEAST_CLASSES = 115;

  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void mainClassesAreSeen() {
    assertTrue(
        classes.size() >= LEAST_CLASSES,
        () -> "Expected at least " + LEAST_CLASSES + " classes, found " + classes.size());
  }

  @Test
  void packagesAreFreeOfCycles() {
    cycleRule("dev.tangents.udfs.").check(classes);
  }

  @Test
  void executorModelAndSampleKnowNoSpark() {
    sparkRule("dev.tangents.udfs.").check(classes);
  }

  @Test
  void rulesCanFail() {
    JavaClasses offenders = new ClassFileImporter().importPackages("dev.tangents.udfs.offender");
    ArchRule cycles = cycleRule("dev.tangents.udfs.offender.");
    assertThrows(AssertionError.class, () -> cycles.check(offenders));
    ArchRule spark = sparkRule("dev.tangents.udfs.offender.");
    assertThrows(AssertionError.class, () -> spark.check(offenders));
  }

  private static ArchRule cycleRule(String root) {
    return slices().matching(root + "(*)..").should().beFreeOfCycles();
  }

  private static ArchRule sparkRule(String root) {
    return noClasses()
        .that()
        .resideInAnyPackage(root + "executor..", root + "model..", root + "sample..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .because("the job's stages and the operators of a query share them");
  }
}
