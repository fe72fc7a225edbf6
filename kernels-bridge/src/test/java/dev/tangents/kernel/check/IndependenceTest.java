package dev.tangents.kernel.check;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the check of a kernel is a second way to it. */
class IndependenceTest {
  /** Which classes of the package that is checked the check may use, itself or by others. */
  private static final Set<String> SHARED =
      Set.of("KernelKind", "KernelRequest", "Method", "Networks", "Rates", "Roofline");

  @Test
  void checkSharesNoCodeWithTheKernel() {
    DescribedPredicate<JavaClass> kernels =
        DescribedPredicate.describe(
            "form kernels",
            type ->
                type.getPackageName().equals("dev.tangents.kernel")
                    && !SHARED.contains(type.getSimpleName()));
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tangents");
    assertTrue(classes.stream().anyMatch(kernels));
    noClasses()
        .that()
        .resideInAPackage("dev.tangents.kernel.check")
        .should()
        .transitivelyDependOnClassesThat(kernels)
        .because("a mistake in the kernel's code must not be in its check as well")
        .check(classes);
  }
}
