package dev.tangents;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.tangents.exec.reference.ReferenceFolder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module's borders, and that the rules which guard them see classes and can fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundariesTest {
  /** Raise it as the module grows: a rule over no classes holds for the wrong reason. */
  private static final int LEAST_CLASSES = 640;

  /** From the inside out; a layer may use those before it and itself. */
  private static final List<String> LAYERS =
      List.of("error", "ir", "op", "transform", "exec", "derivative", "kernel", "importer", "rows");

  private static final ArchRule ENGINES_ARE_REACHED_BY_THEIR_CONTRACT =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.tangents.exec..")
          .and()
          // Imported networks are tried out: on the oracle, and on the library that made them.
          .doNotHaveFullyQualifiedName("dev.tangents.importer.onnx.BatchCheck")
          .and()
          .doNotHaveFullyQualifiedName("dev.tangents.importer.dl4j.Dl4jVerifier")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAnyPackage("dev.tangents.exec.*..")
                  .and(not(JavaClass.Predicates.type(ReferenceFolder.class))))
          .because("engines are interchangeable; only constants are folded by one of them");

  private static final ArchRule ND4J_STAYS_IN_ITS_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.tangents.exec.nd4j..", "dev.tangents.importer.dl4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
          .because("engines and importers are interchangeable, and no native array leaves them");

  private static final ArchRule NATIVE_CODE_STAYS_IN_ENGINES =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.tangents.exec.nd4j..", "dev.tangents.exec.cuda..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("native memory has one owner, the engine");

  private static final ArchRule CUDA_STAYS_IN_ITS_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.tangents.exec.cuda.driver..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..")
          .because("one package knows how NVIDIA's libraries are called");

  private static final ArchRule HDF5_STAYS_WITH_KERAS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.tangents.importer.keras..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.jhdf..")
          .because("a reader of files belongs to the importer of those files");

  private static final ArchRule SPARK_IS_UNKNOWN =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
          .because("the bridge must serve other hosts than Spark");

  private static final ArchRule STATIC_STATE_IS_CONSTANT =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          // Generated: each message type keeps its parser.
          .resideOutsideOfPackage("dev.tangents.importer.onnx.schema..")
          .should()
          .beFinal()
          .because("executors share a JVM between tasks; state has an owner that can be closed");

  private JavaClasses classes;

  @BeforeAll
  void importMainClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tangents");
  }

  @Test
  void mainClassesAreSeen() {
    assertTrue(
        classes.size() >= LEAST_CLASSES,
        () -> "Expected at least " + LEAST_CLASSES + " classes, found " + classes.size());
  }

  @Test
  void nd4jStaysInItsPackages() {
    ND4J_STAYS_IN_ITS_PACKAGES.check(classes);
  }

  @Test
  void nativeCodeStaysInEngines() {
    NATIVE_CODE_STAYS_IN_ENGINES.check(classes);
  }

  @Test
  void cudaStaysInItsEngine() {
    CUDA_STAYS_IN_ITS_ENGINE.check(classes);
  }

  @Test
  void hdf5StaysWithKeras() {
    HDF5_STAYS_WITH_KERAS.check(classes);
  }

  @Test
  void sparkIsUnknown() {
    SPARK_IS_UNKNOWN.check(classes);
  }

  @Test
  void staticStateIsConstant() {
    STATIC_STATE_IS_CONSTANT.check(classes);
  }

  @Test
  void engineIsReachedByItsContract() {
    ENGINES_ARE_REACHED_BY_THEIR_CONTRACT.check(classes);
  }

  @Test
  void everyPackageIsALayer() {
    Set<String> packages =
        classes.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("dev.tangents."))
            .map(BoundariesTest::top)
            .collect(toSet());
    assertEquals(Set.copyOf(LAYERS), packages);
  }

  @ParameterizedTest
  @MethodSource("layersBelowAnother")
  void layerDoesNotUseALaterOne(String layer) {
    layerRule("dev.tangents.", layer).check(classes);
  }

  private static String top(String packageName) {
    String below = packageName.substring("dev.tangents.".length());
    int end = below.indexOf('.');
    return end < 0 ? below : below.substring(0, end);
  }

  private static List<String> layersBelowAnother() {
    return LAYERS.subList(0, LAYERS.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev.tangents.", "dev.tangents.exec.", "dev.tangents.importer."})
  void packagesAreFreeOfCycles(String root) {
    cycleRule(root).check(classes);
  }

  @Test
  void rulesCanFail() {
    JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);
    assertThrows(AssertionError.class, () -> ND4J_STAYS_IN_ITS_PACKAGES.check(offenders));
    assertThrows(AssertionError.class, () -> NATIVE_CODE_STAYS_IN_ENGINES.check(offenders));
    assertThrows(AssertionError.class, () -> CUDA_STAYS_IN_ITS_ENGINE.check(offenders));
    assertThrows(AssertionError.class, () -> HDF5_STAYS_WITH_KERAS.check(offenders));
    assertThrows(AssertionError.class, () -> STATIC_STATE_IS_CONSTANT.check(offenders));
    assertThrows(
        AssertionError.class, () -> ENGINES_ARE_REACHED_BY_THEIR_CONTRACT.check(offenders));
  }

  @Test
  void layerRuleCanFail() {
    JavaClasses offenders = new ClassFileImporter().importPackages("dev.tangents.offender");
    layerRule("dev.tangents.offender.", "op").check(offenders);
    ArchRule rule = layerRule("dev.tangents.offender.", "ir");
    assertThrows(AssertionError.class, () -> rule.check(offenders));
  }

  @Test
  void cycleRuleCanFail() {
    JavaClasses offenders = new ClassFileImporter().importPackages("dev.tangents.offender");
    ArchRule rule = cycleRule("dev.tangents.offender.");
    assertThrows(AssertionError.class, () -> rule.check(offenders));
  }

  private static ArchRule layerRule(String root, String layer) {
    String[] later =
        LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size()).stream()
            .map(name -> root + name + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(root + layer + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(later)
        .because("derivatives compose only as long as the core is below what uses it");
  }

  private static ArchRule cycleRule(String root) {
    return slices().matching(root + "(*)..").should().beFreeOfCycles();
  }

  /** Breaks the rules, to prove that they bite. */
  static final class Offender {
    static int counter;
    org.nd4j.linalg.api.ndarray.INDArray array;
    org.bytedeco.javacpp.Pointer pointer;
    com.sun.jna.Pointer address;
    io.jhdf.HdfFile file;
    dev.tangents.exec.reference.ReferenceEngine engine;
  }
}
