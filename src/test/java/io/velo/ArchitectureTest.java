package io.velo;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What may know what, and which calls the production code may make. */
class ArchitectureTest {

    private static final String[] EDGE = packages("config", "admin", "dashboard", "demo");
    private static final String[] RUNTIME = packages(
            "auth",
            "gateway",
            "express",
            "probe",
            "breaker",
            "concurrency",
            "redis",
            "overload",
            "metrics",
            "discovery",
            "accesslog",
            "tracing",
            "http3");
    private static final String[] WIRE = packages("wire", "tls", "websocket", "proxyprotocol");
    private static final String[] DOMAIN =
            packages("access", "backend", "strategy", "pool", "route", "http", "grpc", "limit", "change");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.velo");

    @Test
    void layersPointDownwards() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("edge")
                .definedBy(EDGE)
                .layer("runtime")
                .definedBy(RUNTIME)
                .layer("wire")
                .definedBy(WIRE)
                .layer("domain")
                .definedBy(DOMAIN)
                .whereLayer("edge")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("runtime")
                .mayOnlyBeAccessedByLayers("edge")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("edge", "runtime")
                .whereLayer("domain")
                .mayOnlyBeAccessedByLayers("edge", "runtime", "wire"));
    }

    @Test
    void everyPackageBelongsToALayer() {
        check(classes()
                .that()
                .resideOutsideOfPackage("io.velo")
                .should()
                .resideInAnyPackage(concat(EDGE, RUNTIME, WIRE, DOMAIN)));
    }

    @Test
    void rootHoldsOnlyTheApplication() {
        check(classes()
                .that()
                .resideInAPackage("io.velo")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .haveFullyQualifiedName("io.velo.VeloApplication"));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.velo.(*)..").should().beFreeOfCycles());
    }

    @Test
    void runtimePackagesDoNotSeeEachOther() {
        checkStrangers(RUNTIME);
    }

    @Test
    void edgePackagesDoNotSeeEachOther() {
        checkStrangers(EDGE);
    }

    @Test
    void domainIsPlainJava() {
        check(classes()
                .that()
                .resideInAnyPackage(DOMAIN)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(concat(new String[] {"java..", "javax.crypto..", "org.jspecify.."}, DOMAIN)));
    }

    @Test
    void injectionIsByConstructor() {
        check(NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
        check(noMembers().should().beAnnotatedWith(Autowired.class));
    }

    @Test
    void beansComeFromConfigurationClasses() {
        check(noClasses()
                .that()
                .areNotMetaAnnotatedWith(Configuration.class)
                .should()
                .beMetaAnnotatedWith(Component.class));
        check(classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areAnnotatedWith(Configuration.class)
                .should()
                .haveSimpleNameEndingWith("Configuration")
                .as("VeloApplication looks for beans by name"));
    }

    /** The command line ({@code io.velo.config.CommandLine…}) and the demo talk to a person; the rest logs. */
    @Test
    void onlyTheCommandLineAndTheDemoPrint() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.velo.demo..")
                .and(not(isCommandLine()))
                .should(ACCESS_STANDARD_STREAMS));
    }

    @Test
    void nothingBlocks() {
        check(noClasses()
                .should()
                .accessTargetWhere(calls(Mono.class, "block.*")
                        .or(calls(Flux.class, "block.*|toIterable|toStream"))
                        .or(calls(Thread.class, "sleep"))
                        .or(calls(Future.class, "get|join|await.*|sync.*"))));
    }

    /** Elsewhere they are injected, so that a test can steer them. */
    @Test
    void clockAndRandomComeFromConfigurationClasses() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.velo.demo..")
                .and(not(isInsideConfiguration()))
                .should()
                .accessTargetWhere(calls(System.class, "nanoTime|currentTimeMillis")
                        .or(calls(Instant.class, "now"))
                        .or(calls(Clock.class, "system.*"))
                        .or(calls(ThreadLocalRandom.class, "current"))
                        .or(calls(Math.class, "random"))));
    }

    @Test
    void namesSayWhatAClassIs() {
        check(noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)"));
    }

    @Test
    void thereIsNoLombok() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("lombok.."));
    }

    @Test
    void everyPackageIsNullMarked() {
        JavaPackage root = CLASSES.getPackage("io.velo");
        List<String> unmarked = Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream())
                .filter(each -> !each.getClasses().isEmpty())
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked)
                .as("packages without @NullMarked on a package-info")
                .isEmpty();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static void checkStrangers(String... packages) {
        for (String each : packages) {
            String[] others =
                    Arrays.stream(packages).filter(other -> !other.equals(each)).toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage(each)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others));
        }
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String names) {
        return describe("target is " + owner.getSimpleName() + "." + names, access -> {
            AccessTarget target = access.getTarget();
            return target.getOwner().isAssignableTo(owner) && target.getName().matches(names);
        });
    }

    private static DescribedPredicate<JavaClass> isCommandLine() {
        return describe("are the command line", each -> enclosing(each)
                .anyMatch(outer -> outer.getPackageName().equals("io.velo.config")
                        && outer.getSimpleName().startsWith("CommandLine")));
    }

    private static DescribedPredicate<JavaClass> isInsideConfiguration() {
        return describe("are inside a @Configuration class", each -> enclosing(each)
                .anyMatch(outer -> outer.isMetaAnnotatedWith(Configuration.class)));
    }

    /** The class itself and the classes around it. */
    private static Stream<JavaClass> enclosing(JavaClass inner) {
        return Stream.iterate(
                        Optional.of(inner), Optional::isPresent, each -> each.flatMap(JavaClass::getEnclosingClass))
                .flatMap(Optional::stream);
    }

    private static String[] packages(String... names) {
        return Arrays.stream(names).map(each -> "io.velo." + each + "..").toArray(String[]::new);
    }

    private static String[] concat(String[]... parts) {
        return Arrays.stream(parts).flatMap(Arrays::stream).toArray(String[]::new);
    }
}
