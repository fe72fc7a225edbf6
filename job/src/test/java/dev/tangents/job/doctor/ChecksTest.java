package dev.tangents.job.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check on facts where one thing is wrong: its level, what it names, and its cure. */
class ChecksTest {
  private final Healthy set = new Healthy();

  @Test
  void nothingIsWrongWhereNothingIs() {
    for (Check check : Checks.all()) {
      assertEquals(Level.OK, check.examine(set.facts()).level(), check.name());
      assertEquals(Level.OK, check.examine(set.local("local[2]")).level(), check.name());
    }
  }

  @Test
  void namesAreDifferentAndEveryFaultHasACure() {
    List<Check> checks = Checks.all();
    assertEquals(checks.size(), checks.stream().map(Check::name).distinct().count());
    set.engine = new Node.Engine("", "", "ND4J: no library");
    set.closedPackages = List.of("java.base/java.nio");
    set.cache = new Node.Cache("/cache", "read-only", 0, 0);
    set.conf.put("spark.task.cpus", "4");
    set.conf.put("spark.executor.memoryOverhead", "1g");
    set.environment.put("OMP_NUM_THREADS", "8");
    set.output = "no such host";
    set.trouble = "no executor has taken a task";
    List<Finding> faults =
        checks.stream()
            .map(check -> check.examine(set.facts()))
            .filter(finding -> finding.level() == Level.FAULT)
            .toList();
    assertEquals(8, faults.size(), faults::toString);
    faults.forEach(fault -> assertFalse(fault.cure().isEmpty(), fault::toString));
  }

  @Test
  void executorsOfAnotherJava() {
    set.java = "21.0.4";
    expect(Level.WARN, new JavaCheck(), "driver and executors run on Java 17.0.15, 21.0.4");
  }

  @Test
  void closedPackages() {
    set.closedPackages = List.of("java.base/java.nio");
    expect(Level.FAULT, new PackagesCheck(), "executor 2: Spark reaches", "java.base/java.nio");
  }

  @Test
  void missingLibraryAndSlowKernels() {
    set.engine = new Node.Engine("", "", "ND4J: its native library does not load (x)");
    Finding missing = expect(Level.FAULT, new NativeLibraryCheck(), "executor 2: ND4J: its native");
    assertTrue(missing.cure().contains(".natives"), missing.cure());
    set.engine = new Node.Engine("nd4j (kernels HASWELL)", "OPENBLAS_CORETYPE=Haswell is slow", "");
    expect(Level.WARN, new NativeLibraryCheck(), "OPENBLAS_CORETYPE=Haswell is slow");
    set.engine = new Node.Engine("nd4j (kernels unknown)", "", "");
    expect(Level.WARN, new NativeLibraryCheck(), "cannot be told");
  }

  /** The check of GPUs tells it, with its cure. */
  @Test
  void anEngineThatLacksAGpuAloneIsNoSecondFault() {
    set.gpuFailure = "GPU: the engine needs one, and this process sees none";
    set.engine = new Node.Engine("", "", set.gpuFailure);
    set.conf.put("spark.tangents.engine", "cuda");
    Facts facts = set.local("local[2]");
    Finding engine = new NativeLibraryCheck().examine(facts);
    assertEquals(Level.WARN, engine.level());
    assertEquals("driver: not looked at without a GPU: see the check gpu", engine.what());
    assertEquals("driver: " + set.gpuFailure, new GpuCheck().examine(facts).what());
    set.engine = new Node.Engine("", "", "NVRTC not found");
    assertEquals(Level.FAULT, new NativeLibraryCheck().examine(set.facts()).level());
  }

  @Test
  void executorsWithOtherKernels() {
    set.engine = new Node.Engine("nd4j (kernels HASWELL)", "", "");
    expect(Level.WARN, new SameEngineCheck(), "SKYLAKEX", "HASWELL");
  }

  @Test
  void tasksAndProcessorsDoNotPair() {
    set.conf.put("spark.task.cpus", "2");
    expect(Level.FAULT, new ProcessorsCheck(), "executor 1, executor 2: spark.task.cpus=2");
    set.conf.remove("spark.task.cpus");
    set.tasks = 3;
    expect(Level.FAULT, new ProcessorsCheck(), "3 tasks", "2 processors of a");
    Finding local = new ProcessorsCheck().examine(set.local("local[3]"));
    assertEquals("use --master local[2]", local.cure());
  }

  @Test
  void environmentAsksForOtherThreads() {
    set.environment.put("OMP_NUM_THREADS", "1");
    assertEquals(Level.OK, new ThreadsCheck().examine(set.facts()).level());
    set.environment.put("OPENBLAS_NUM_THREADS", "4");
    Finding finding = expect(Level.FAULT, new ThreadsCheck(), "executor 2: OPENBLAS_NUM_THREADS=4");
    assertEquals("set spark.executorEnv.OPENBLAS_NUM_THREADS=1", finding.cure());
  }

  @Test
  void cacheThatCannotHoldTheLibraries() {
    set.cache = new Node.Cache("/cache", "Read-only file system", 0, Healthy.GIB);
    expect(Level.FAULT, new CacheCheck(), "executor 2", "/cache", "Read-only file system");
    set.cache = new Node.Cache("/cache", "", 0, 100 << 20);
    expect(Level.FAULT, new CacheCheck(), "has 100.0 MiB left");
    set.cache = new Node.Cache("/cache", "", 400L << 20, 100 << 20);
    assertEquals(Level.OK, new CacheCheck().examine(set.facts()).level());
  }

  @Test
  void boundsOfNativeMemory() {
    set.properties.remove(NativeBound.MAX_PHYSICAL_BYTES);
    set.properties.put(NativeBound.MAX_BYTES, "13g");
    expect(Level.FAULT, new NativeLimitsCheck(), "16.0 GiB", "4.0 GiB", "13.0 GiB");
    set.properties.put(NativeBound.MAX_BYTES, "12g");
    expect(Level.WARN, new NativeLimitsCheck(), "maxphysicalbytes is not 0");
    set.properties.clear();
    set.properties.put(NativeBound.MAX_PHYSICAL_BYTES, "0");
    expect(Level.WARN, new NativeLimitsCheck(), "as much as the heap, 4.0 GiB");
  }

  @Test
  void overheadOfContainers() {
    set.conf.put("spark.executor.memoryOverhead", "9215");
    Finding small = expect(Level.FAULT, new OverheadCheck(), "9.0 GiB", "8.0 GiB");
    assertTrue(small.cure().contains("spark.executor.memoryOverhead=9216m"), small.cure());
    set.conf.put("spark.executor.memoryOverhead", "9216");
    assertEquals(Level.OK, new OverheadCheck().examine(set.facts()).level());
    set.conf.remove("spark.executor.memoryOverhead");
    expect(Level.FAULT, new OverheadCheck(), "409.6 MiB");
    set.conf.put("spark.executor.memoryOverheadFactor", "2.5");
    assertEquals(Level.OK, new OverheadCheck().examine(set.facts()).level());
    set.conf.remove("spark.executor.memoryOverheadFactor");
    set.conf.put("spark.master", "spark://a:7077");
    assertEquals(Level.OK, new OverheadCheck().examine(set.facts()).level());
    set.conf.put("spark.executor.memoryOverhead", "512m");
    expect(Level.FAULT, new OverheadCheck(), "512.0 MiB");
  }

  @Test
  void machineTooSmallForItsExecutors() {
    set.properties.put(NativeBound.MAX_BYTES, "11g");
    assertEquals(Level.OK, new MemoryCheck().examine(set.facts()).level());
    set.properties.put(NativeBound.MAX_BYTES, "12g");
    expect(Level.FAULT, new MemoryCheck(), "executor 2", "b may take 17.0 GiB, it has 16.0 GiB");
  }

  @Test
  void kryoThatWantsRegistrations() {
    set.conf.put("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    assertEquals(Level.OK, new SerializerCheck().examine(set.facts()).level());
    set.conf.put("spark.kryo.registrationRequired", "true");
    expect(Level.FAULT, new SerializerCheck(), "spark.kryo.registrationRequired=true");
  }

  @Test
  void committersOfSparkAreNamedAsWithoutEffect() {
    set.conf.put("spark.hadoop.fs.s3a.committer.name", "magic");
    expect(Level.OK, new CommitterCheck(), "spark.hadoop.fs.s3a.committer.name");
  }

  @Test
  void tasksThatRunTwiceOrNeverEnd() {
    set.conf.put("spark.speculation", "true");
    expect(Level.WARN, new SpeculationCheck(), "spark.speculation=true");
    set.conf.put("spark.task.reaper.killTimeout", "-1");
    expect(Level.WARN, new ReaperCheck(), "hears no interrupt");
  }

  @Test
  void gpusInLocalModeWouldHang() {
    set.conf.put("spark.executor.resource.gpu.amount", "1");
    Facts local = set.local("local[*]");
    assertTrue(Checks.wouldHang(local));
    assertEquals(Level.FAULT, new GpuCheck().examine(local).level());
    assertFalse(Checks.wouldHang(set.local("local-cluster[1,1,1024]")));
  }

  @Test
  void gpusThatAreGivenAndNotGiven() {
    set.conf.put("spark.executor.resource.gpu.amount", "1");
    expect(Level.FAULT, new GpuCheck(), "executor 1: Spark gave its tasks no GPU");
    set.addresses.add("3");
    set.gpuFailure = "GPU: 3 was given to this process, which sees none";
    set.environment.put("CUDA_VISIBLE_DEVICES", "");
    Finding none = gpus();
    assertEquals(Level.FAULT, none.level());
    assertEquals("executor 2: " + set.gpuFailure, none.what());
    set.gpuFailure = "";
    Finding idle = gpus();
    assertEquals(Level.WARN, idle.level());
    assertTrue(idle.what().startsWith("executor 2 has GPU 0: NVIDIA A100"), idle.what());
    set.conf.put("spark.tangents.engine", "nd4j-cuda");
    assertEquals(Finding.ok("executor 2 has GPU 0: NVIDIA A100 (GPU-3)"), gpus());
  }

  @Test
  void engineForGpusThatSparkKnowsNothingOf() {
    set.conf.put("spark.tangents.engine", "nd4j-cuda");
    expect(Level.WARN, new GpuCheck(), "Spark gave none of them");
    Finding local = new GpuCheck().examine(set.local("local[2]"));
    assertEquals(Finding.ok("driver has GPU 0: NVIDIA A100 (GPU-3)"), local);
    set.gpuFailure = "GPU: the engine needs one";
    assertEquals(Level.FAULT, new GpuCheck().examine(set.local("local[2]")).level());
  }

  @Test
  void oneGpuForTwoExecutors() {
    set.conf.put("spark.tangents.engine", "nd4j-cuda");
    set.conf.put("spark.executor.resource.gpu.amount", "1");
    set.addresses.add("0");
    Node two = set.facts().executors().get(1);
    Finding shared = new GpuCheck().examine(set.facts().with(1, List.of(two, two), ""));
    assertEquals(Level.FAULT, shared.level());
    assertTrue(shared.what().endsWith("both have GPU 0: NVIDIA A100 (GPU-3) of b"), shared.what());
  }

  @Test
  void gpusNeedMemoryBesideTheHeapToo() {
    set.conf.put("spark.executor.memoryOverhead", "9g");
    assertEquals(Level.OK, new OverheadCheck().examine(set.facts()).level());
    set.conf.put("spark.tangents.engine", "nd4j-cuda");
    expect(Level.FAULT, new OverheadCheck(), "libraries and threads 3.0 GiB");
  }

  private Finding gpus() {
    Node second = set.facts().executors().get(1);
    return new GpuCheck().examine(set.facts().with(1, List.of(second), ""));
  }

  @Test
  void outputThatAnExecutorDoesNotSee() {
    set.output = "a folder that the driver has made, file:/x, is not seen from here";
    expect(Level.FAULT, new OutputCheck(), "executor 2: a folder that the driver");
  }

  @Test
  void executorsThatDoNotAnswer() {
    set.trouble = "no executor has taken a task within 120 s";
    expect(Level.FAULT, new ExecutorsCheck(), "no executor has taken a task");
  }

  @Test
  void sizesAreReadAsJavaCppReadsThem() {
    assertEquals(700L << 20, NativeBound.parse("700m", 0).orElseThrow());
    assertEquals(2L << 40, NativeBound.parse("2TB", 0).orElseThrow());
    assertEquals(123L, NativeBound.parse("123", 0).orElseThrow());
    assertEquals(50L, NativeBound.parse("50%", 100).orElseThrow());
    assertTrue(NativeBound.parse("much", 100).isEmpty());
  }

  private Finding expect(Level level, Check check, String... parts) {
    Finding finding = check.examine(set.facts());
    assertEquals(level, finding.level(), finding::toString);
    for (String part : parts) {
      assertTrue(finding.what().contains(part), finding.what());
    }
    return finding;
  }
}
