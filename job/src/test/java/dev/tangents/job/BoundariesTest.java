package dev.tangents.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The borders inside the job, and that the rules which guard them can fail. */
class BoundariesTest {
  /** Raise it as the module grows: a rule over no classes holds for the wrong reason. */
  private static final int LEAST_CLASSES = 400;

  private static final ArchRule PLANS_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tangents.job.config..",
              "dev.tangents.job.doctor..",
              "dev.tangents.job.plan..",
              "dev.tangents.job.report..",
              "dev.tangents.job.rows..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..")
          .because("settings, plans, findings and reports are made and tested without a cluster");

  private static final ArchRule NO_CYCLES =
      slices().matching("dev.tangents.job.(*)..").should().beFreeOfCycles();

  private static final ArchRule FILES_HAVE_NO_CYCLES =
      slices().matching("dev.tangents.job.io.(*)..").should().beFreeOfCycles();

  private static final ArchRule STAGES_HAVE_NO_CYCLES =
      slices().matching("dev.tangents.job.stage.(*)..").should().beFreeOfCycles();

  private static final ArchRule ENGINES_ARE_MADE_IN_ONE_PLACE =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.job\\.bench\\..*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.tangents.exec.nd4j..", "dev.tangents.exec.cuda..")
          .because("engines are interchangeable; a benchmark measures one of them");

  private static final ArchRule STATIC_FIELDS_ARE_FINAL =
      fields().that().areStatic().should().beFinal();

  /**
   * What tasks share goes through the one object that is counted and closed, and that is in udfs.
   */
  private static final ArchRule NO_STATIC_STATE =
      noFields()
          .that()
          .areStatic()
          .should()
          .haveRawType(
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                  "java.util.concurrent.."));

  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void bordersHold() {
    assertTrue(classes.size() >= LEAST_CLASSES, () -> "found only " + classes.size());
    PLANS_KNOW_NO_SPARK.check(classes);
    NO_CYCLES.check(classes);
    FILES_HAVE_NO_CYCLES.check(classes);
    STAGES_HAVE_NO_CYCLES.check(classes);
    ENGINES_ARE_MADE_IN_ONE_PLACE.check(classes);
    STATIC_FIELDS_ARE_FINAL.check(classes);
    NO_STATIC_STATE.check(classes);
  }

  @Test
  void rulesCanFail() {
    JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);
    assertThrows(AssertionError.class, () -> ENGINES_ARE_MADE_IN_ONE_PLACE.check(offenders));
    assertThrows(AssertionError.class, () -> STATIC_FIELDS_ARE_FINAL.check(offenders));
    assertThrows(AssertionError.class, () -> NO_STATIC_STATE.check(offenders));
  }

  /** Breaks the rules, to prove that they bite. */
  static final class Offender {
    static final AtomicLong COUNTER = new AtomicLong();
    static int number;
    dev.tangents.exec.nd4j.Nd4jEngine engine;
  }
}
