package dev.tangents.it;

import dev.tangents.job.cli.Command;
import dev.tangents.job.cli.RowsCommand;
import dev.tangents.job.cli.Tangents;
import dev.tangents.job.report.Console;
import dev.tangents.job.rows.RowCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.example.data.Group;

/** Runs a command over rows in this JVM, and reads what it wrote. */
record RowRuns(int code, String out, String err) {
  /** Any command and flags, on two threads unless they say otherwise. */
  static RowRuns run(String command, Path output, String... flags) {
    List<String> args = new ArrayList<>(List.of(command, "--output", output.toString()));
    args.addAll(List.of(flags));
    if (!args.contains("--master")) {
      args.addAll(List.of("--master", "local[2]"));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    List<Command> commands = new ArrayList<>();
    Arrays.stream(RowCommand.values()).map(RowsCommand::new).forEach(commands::add);
    int code = new Tangents(commands, console).run(args.toArray(new String[0]));
    return new RowRuns(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** One record: where it belongs and its numbers; single ones by column, arrays with a shape. */
  record Entry(String key, Map<String, Double> scalars, List<Integer> shape, List<Double> numbers) {
    /** The numbers as an array. */
    double[] values() {
      return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /** The records of a run, file by file, in their order; key: index, output, parameter, id. */
  static List<Entry> entries(Path output) throws IOException {
    return entriesIn(output.resolve("data"));
  }

  /** The records in one folder of a run. */
  static List<Entry> entriesIn(Path folder) throws IOException {
    TreeMap<String, List<Entry>> byFile = new TreeMap<>();
    try (var files = java.nio.file.Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        List<Entry> entries = new ArrayList<>();
        for (Group record : Kernels.records(file)) {
          entries.add(entry(record));
        }
        byFile.put(file.getFileName().toString(), entries);
      }
    }
    return byFile.values().stream().flatMap(List::stream).toList();
  }

  private static Entry entry(Group record) {
    StringBuilder key = new StringBuilder();
    for (String column : List.of("index", "output", "parameter", "id")) {
      if (record.getType().containsField(column)) {
        key.append(key.length() == 0 ? "" : " ")
            .append(record.getValueToString(record.getType().getFieldIndex(column), 0));
      }
    }
    Map<String, Double> scalars = new LinkedHashMap<>();
    for (String column : List.of("loss", "norm", "laplacian", "sign", "logabsdet", "det")) {
      if (record.getType().containsField(column)) {
        scalars.put(column, record.getDouble(column, 0));
      }
    }
    List<Integer> shape = Arrays.stream(numbers(record, "shape")).mapToObj(x -> (int) x).toList();
    double[] values = numbers(record, "values");
    return new Entry(key.toString(), scalars, shape, Arrays.stream(values).boxed().toList());
  }

  private static double[] numbers(Group record, String column) {
    return record.getType().containsField(column)
        ? numbers(record.getGroup(column, 0))
        : new double[0];
  }

  private static double[] numbers(Group list) {
    double[] numbers = new double[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.parseDouble(list.getGroup("list", i).getValueToString(0, 0));
    }
    return numbers;
  }
}
