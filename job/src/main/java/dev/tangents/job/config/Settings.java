package dev.tangents.job.config;

import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelOutput;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.config.Choices.Factors;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.kernel.KernelKind;
import dev.tangents.udfs.executor.EngineName;
import dev.tangents.udfs.sample.BinaryType;
import java.util.ArrayList;
import java.util.List;

/**
 * Every setting there is, in the order of the reference page. Those of commands over rows alone are
 * in {@link RowSettings}, those of export in {@link ExportSettings}.
 */
public final class Settings {
  /** MiB of a size whose bytes still have a number, with room for sums of a few. */
  static final long MOST_MIB = 1L << 40;

  /** Where the network comes from. */
  public static final Setting<String> MODEL =
      Setting.text(
          "model",
          "FILE|SPEC",
          "The network: an ONNX .onnx, a Keras .keras or .h5, a Deeplearning4j .zip, a .json of our own"
              + " form, or a random network such as mlp:784-1024-10:relu?seed=1.");

  /** Which value is f(x). */
  public static final Setting<ModelOutput> MODEL_OUTPUT =
      Setting.parsed(
              "model-output",
              "output|logits|NAME",
              ModelOutput::of,
              "Which value of the network is differentiated: its output, the logits before the last"
                  + " activation, or in an ONNX file the value of that name, such as one of several outputs.")
          .or("output");

  /** Samples. */
  public static final Setting<String> INPUT =
      Setting.text(
          "input",
          "PATH",
          "The samples: a file, a folder or a pattern, on any Hadoop file system.");

  /** Samples of the columns of a rectangular kernel. */
  public static final Setting<String> INPUT2 =
      Setting.text(
          "input2",
          "PATH",
          "Other samples for the columns: the kernel is then input x input2, not symmetric.");

  /** Where to write. */
  public static final Setting<String> OUTPUT =
      Setting.path("output", "The folder to write, on any Hadoop file system.");

  /** Encoding of the input. */
  public static final Setting<InputFormat> FORMAT =
      Setting.choice(
              "format", InputFormat.class, "How the input is coded; auto looks at file names.")
          .or("auto");

  /** Which columns are x. */
  public static final Setting<String> FEATURES =
      Setting.text(
              "features",
              "COLUMNS",
              "The column with the features (an array of numbers, a Spark ML vector, or binary), or"
                  + " several numeric columns: c1,c2 or px0..px63. A model of several inputs names each:"
                  + " in1=colA,in2=colB,colC.")
          .or("features");

  /** Encoding of binary features. */
  public static final Setting<BinaryType> BINARY_TYPE =
      Setting.choice(
              "binary-type", BinaryType.class, "What a binary feature column holds, little-endian.")
          .or("float");

  /** Factor on features. */
  public static final Setting<Double> SCALE =
      Setting.number("scale", "Every real feature x becomes x * scale + shift.")
          .or("1.0")
          .shapingTheResult();

  /** Summand on features. */
  public static final Setting<Double> SHIFT =
      Setting.number("shift", "See scale.").or("0.0").shapingTheResult();

  /** Label column. */
  public static final Setting<String> LABEL =
      Setting.text(
          "label",
          "COLUMN",
          "gram: a column to carry along and to order the report's picture by. Losses: the target, an"
              + " array of O numbers, one number, or the number of a class.");

  /** Key column. */
  public static final Setting<String> ID =
      Setting.text(
          "id",
          "COLUMN",
          "A column of unique keys (whole numbers or strings). It defines the order of the samples;"
              + " without it, path and position in the file do.");

  /** Row filter. */
  public static final Setting<String> WHERE =
      Setting.text("where", "SQL", "Use only the rows for which this Spark SQL condition holds.");

  /** Row limit. */
  public static final Setting<Long> LIMIT =
      Setting.count("limit", 1, "Use only the first N samples, in their order.");

  /** Which outputs of the network. */
  public static final Setting<String> SELECT_OUTPUTS =
      Setting.text(
              "select-outputs", "LIST", "Use only these outputs of the network, such as 0,3,7-9.")
          .shapingTheResult();

  /** Which parameters of the network. */
  public static final Setting<String> PARAMS =
      Setting.text(
              "params",
              "GLOB",
              "Differentiate by these parameters alone: patterns with * and ?, separated by commas.")
          .or("*")
          .shapingTheResult();

  /** Form of the kernel. */
  public static final Setting<KernelKind> KERNEL =
      Setting.choice(
              "kernel",
              KernelKind.class,
              "trace: summed over outputs; full: every pair of outputs; per-output: the kernel of"
                  + " each output; sum: of the outputs' sum divided by sqrt(O).")
          .or("trace")
          .shapingTheResult();

  /** One kernel per parameter. */
  public static final Setting<Boolean> COMPONENTS =
      Setting.flag(
              "components", "Write the part of every parameter by itself, in a column component.")
          .shapingTheResult();

  /** Width of numbers. */
  public static final Setting<Precision> DTYPE =
      Setting.choice("dtype", Precision.class, "Width of the numbers computed and written.")
          .or("float")
          .shapingTheResult();

  /** Which engine. */
  public static final Setting<EngineName> ENGINE =
      Setting.choice(
              "engine",
              EngineName.class,
              "nd4j: fast, on the CPU; cuda: our own, on a GPU of compute capability 7.0 or later; nd4j-cuda: ND4J on"
                  + " a GPU up to 8.9, of a build with -Pnd4j-cuda; reference: plain Java loops in double, for checks.")
          .or("nd4j")
          .shapingTheResult();

  /** Samples of a panel. */
  public static final Setting<Long> TILE =
      Setting.count(
              "tile",
              1,
              "Samples in a panel, so rows and columns of a tile. By default 2048; less where a tile has"
                  + " several blocks or the factors of a panel would pass panel-mib. For other commands"
                  + " than gram: samples in a file, by default as many as make 256 MiB, at most 8192.")
          .shapingTheResult();

  /** Samples in one run of the network. */
  public static final Setting<Long> MICRO_BATCH =
      Setting.count(
              "micro-batch",
              1,
              "Samples that go through the network together, at most: less where they would pass the"
                  + " tile, panel-mib or memory. gram takes more by itself where that costs little"
                  + " memory.")
          .or("256")
          .shapingTheResult();

  /** Bound of a panel. */
  public static final Setting<Long> PANEL_MIB =
      Setting.count(
              "panel-mib",
              1,
              MOST_MIB,
              "MiB that the factors of one panel may take, of which a task holds two. Where those of"
                  + " all outputs take more for a tile of good size, a tile is computed in passes of"
                  + " some outputs each. On a GPU four times as many by default.")
          .or("1024")
          .shapingTheResult();

  /** How each parameter's kernel is formed. */
  public static final Setting<String> METHOD =
      Setting.text(
              "method",
              "PATTERN=METHOD",
              "How parameters' kernels are formed, by patterns of their names: gradient-first,"
                  + " inputs-first, half-way or auto, the fastest by prediction. A later pattern goes"
                  + " before an earlier one; where a parameter does not allow the method it is auto.")
          .shapingTheResult()
          .repeatable();

  /** Bound of the cache of factors. */
  public static final Setting<Long> CACHE_MIB =
      Setting.count(
              "cache-mib",
              0,
              MOST_MIB,
              "MiB of factors of panels that a task thread keeps for the next tile, beside the two"
                  + " it needs, at most; on a GPU four times as many by default. Less is tried where there is less.")
          .or("2048");

  /** Bound of the models that are kept. */
  public static final Setting<Long> MODEL_CACHE_MIB =
      Setting.count(
              "model-cache-mib",
              0,
              MOST_MIB,
              "MiB of models, by the size of their files, that an executor keeps loaded: those used last, and"
                  + " always the one in use. Of use in SQL, where a session has several.")
          .or("1024");

  /** Where factors come from. */
  public static final Setting<Factors> FACTORS =
      Setting.choice(
              "factors",
              Factors.class,
              "Whether the factors of a panel are computed again for every block of tiles that needs them"
                  + " (recompute), or once and kept in the output's folder for the time of the run (store)."
                  + " The numbers are the same; auto takes what is predicted to be faster and fits.")
          .or("auto");

  /** Both halves of a symmetric kernel. */
  public static final Setting<Boolean> MIRROR =
      Setting.flag("mirror", "Write both halves of a symmetric kernel.");

  /** Compression of tiles. */
  public static final Setting<Compression> COMPRESSION =
      Setting.choice(
              "compression",
              Compression.class,
              "How the kernel's files are compressed: none, at the speed of the disk, or zstd, which saves"
                  + " little unless many entries are equal.")
          .or("none")
          .shapingTheResult();

  /** Whether to check the import. */
  public static final Setting<Boolean> VERIFY_MODEL =
      Setting.flag(
              "verify-model",
              "Compare the imported network with the library that made it, on random samples, before"
                  + " the run.")
          .or("true");

  /** What to do with an earlier result. */
  public static final Setting<IfExists> IF_EXISTS =
      Setting.choice(
              "if-exists",
              IfExists.class,
              "What to do when the output folder holds something. resume (gram): continue the same run where it ended;"
                  + " tiles that are there are checked and stay. append continues one that has not ended; overwrite"
                  + " has it begin again.")
          .or("fail");

  /** Whether a run may be resumed on another kind of processor. */
  public static final Setting<Boolean> MIXED_HARDWARE =
      Setting.flag(
          "mixed-hardware",
          "Resume a run on another kind of processor than it was begun on, though last bits differ.");

  /** How far a tile may be from its check. */
  public static final Setting<Double> MAX_RESIDUAL =
      Setting.number(
          "max-residual",
          "How far the product of some entries of a tile with random signs may be from J (J^T v), relative to |K|, before it is computed again and then the"
              + " run fails. By default 1e-3 in float, 1e-9 in double.");

  /** When a task counts as hung. */
  public static final Setting<Long> HANG_MINUTES =
      Setting.count(
              "hang-minutes",
              1,
              1 << 20,
              "Minutes without a sign of life from native code (a panel, a tile, a micro-batch) after which"
                  + " an executor ends itself, so that others compute its tasks.")
          .or("60");

  /** Plan alone. */
  public static final Setting<Boolean> DRY_RUN =
      Setting.flag("dry-run", "Print the plan, compute and write nothing.");

  /** Where Spark runs. */
  public static final Setting<String> MASTER =
      Setting.text(
          "master",
          "URL",
          "Spark's master, such as local[2]. By default what spark-submit says, else local[*].");

  /** Samples of a benchmark. */
  public static final Setting<Long> BATCH =
      Setting.count("batch", 1, 1 << 20, "bench model: samples in the batch.").or("256");

  /** Samples of the kernel benchmark. */
  public static final Setting<Long> SAMPLES =
      Setting.count("samples", 1, 1 << 16, "bench kernel: samples on each side of the tile.")
          .or("64");

  /** Output for programs. */
  public static final Setting<Boolean> JSON =
      Setting.flag(
          "json", "Benchmarks, doctor, inspect and verify: print JSON instead of a table.");

  private static final List<Setting<?>> GRAM =
      List.of(
          MODEL,
          MODEL_OUTPUT,
          ModelSettings.TIE,
          ModelSettings.BATCH_AXIS,
          ModelSettings.TRAINED,
          INPUT,
          INPUT2,
          OUTPUT,
          FORMAT,
          FEATURES,
          BINARY_TYPE,
          SCALE,
          SHIFT,
          LABEL,
          ID,
          WHERE,
          LIMIT,
          SELECT_OUTPUTS,
          PARAMS,
          KERNEL,
          COMPONENTS,
          DTYPE,
          ENGINE,
          GpuSettings.GPU,
          GpuSettings.REQUIRE_GPU,
          GpuSettings.GPU_TASKS,
          GpuSettings.PRECISION,
          GpuSettings.MAX_ERROR,
          TILE,
          MICRO_BATCH,
          PANEL_MIB,
          METHOD,
          CACHE_MIB,
          FACTORS,
          MIRROR,
          COMPRESSION,
          VERIFY_MODEL,
          IF_EXISTS,
          MIXED_HARDWARE,
          MAX_RESIDUAL,
          HANG_MINUTES,
          DRY_RUN,
          MASTER);

  private Settings() {}

  /** The settings of {@code gram}. */
  public static List<Setting<?>> gram() {
    return GRAM;
  }

  /** All settings of all commands. */
  public static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(GRAM);
    all.addAll(RowSettings.OWN);
    all.addAll(ExportSettings.OWN);
    all.addAll(VerifySettings.OWN);
    all.add(MODEL_CACHE_MIB);
    all.add(BATCH);
    all.add(SAMPLES);
    all.add(JSON);
    return List.copyOf(all);
  }
}
