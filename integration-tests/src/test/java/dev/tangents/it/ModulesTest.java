package dev.tangents.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The borders between the modules; those inside a module are tested there, by its BoundariesTest.
 */
class ModulesTest {
  /** Raise it as the project grows: a rule over no classes holds for the wrong reason. */
  private static final int LEAST_CLASSES = 1_100;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tangents");

  private static final DescribedPredicate<JavaClass> MUTABLE =
      DescribedPredicate.describe(
          "can be written to",
          type ->
              type.getPackageName().startsWith("java.util.concurrent")
                  || type.isAssignableTo(ThreadLocal.class)
                  || (!type.isInterface() && isContainer(type)));

  private static boolean isContainer(JavaClass type) {
    return type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
  }

  static Stream<ArchRule> rules() {
    return Stream.of(
        noClasses()
            .that()
            .resideInAnyPackage("dev.tangents.job..", "dev.tangents.udfs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
            .because("an engine is reached through its contract"),
        noClasses()
            .that()
            .resideInAnyPackage("dev.tangents.job..", "dev.tangents.udfs..")
            .and()
            .doNotHaveFullyQualifiedName("dev.tangents.udfs.executor.Engines")
            .and()
            .resideOutsideOfPackage("dev.tangents.job.bench")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.tangents.exec.nd4j..", "dev.tangents.exec.reference..")
            .because("one class wires engines to their names; benchmarks measure one by name"),
        noClasses()
            .that()
            .resideInAnyPackage("dev.tangents.job.plan..", "dev.tangents.job.bench..")
            .and()
            .haveNameNotMatching("dev\\..*\\.bench\\.(Write|Scale|Append|Sql|RowByRow).*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..")
            .because("a plan is arithmetic, and so is a benchmark, but of writers and whole runs"),
        noClasses()
            .that()
            .resideInAnyPackage("dev.tangents.job..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark.sql.catalyst..")
            .because("only udfs knows Catalyst"),
        noClasses()
            .that()
            .resideInAPackage("dev.tangents.udfs..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.tangents.job..")
            .allowEmptyShould(true)
            .because("functions are used without the job"),
        fields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .doNotHaveFullyQualifiedName("dev.tangents.udfs.executor.ExecutorResources")
            .and()
            .areDeclaredInClassesThat()
            // Generated: each message type keeps its parser.
            .resideOutsideOfPackage("dev.tangents.importer.onnx.schema..")
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(MUTABLE)
            .because("ExecutorResources is the one object that tasks of an executor share"));
  }

  @Test
  void classesAreSeen() {
    assertTrue(
        CLASSES.size() >= LEAST_CLASSES,
        () -> "Expected at least " + LEAST_CLASSES + " classes, found " + CLASSES.size());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void borderHolds(ArchRule rule) {
    rule.check(CLASSES);
  }
}
