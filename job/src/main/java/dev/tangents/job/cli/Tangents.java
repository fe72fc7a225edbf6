package dev.tangents.job.cli;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.job.config.ConfigFile;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.Nearest;
import dev.tangents.job.config.ReferencePage;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.SparkLayer;
import dev.tangents.job.io.file.HadoopFiles;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.session.Interruption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads a command line, runs its command, and turns a failure into a message and an exit code. */
public final class Tangents {
  /** Done. */
  public static final int DONE = 0;

  /** Something failed that the command line is not to blame for. */
  public static final int FAILED = 1;

  /** A flag, key or value is wrong. */
  public static final int USAGE = 2;

  private static final String CONFIG = "--config";
  private static final String STACKTRACE = "--stacktrace";
  private static final String SETTINGS = "--settings";

  /** Commands that a message lists, at most. */
  private static final int SHOWN = 3;

  private final List<Command> commands;
  private final Console console;

  /** A program with the given commands. */
  public Tangents(List<Command> commands, Console console) {
    this.commands = List.copyOf(commands);
    this.console = console;
  }

  /** Runs and returns the exit code. */
  public int run(String... args) {
    CommandLine line = new CommandLine(root());
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    try {
      return dispatch(line, line.parseArgs(args));
    } catch (ParameterException e) {
      return usage(e);
    } catch (Exception e) {
      // Spark, written in Scala, throws checked exceptions that no method declares.
      return failure(e, List.of(args).contains(STACKTRACE));
    } catch (LinkageError e) {
      return failure(missing(e), List.of(args).contains(STACKTRACE));
    }
  }

  /**
   * A class or library that is not there, or not the right one, tells why in its innermost cause.
   */
  private static TangentsException missing(LinkageError e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return TangentsException.setup(
            "A class or native library does not load (%s). 'tangents doctor' looks for the cause",
            innermost)
        .causedBy(e);
  }

  private int dispatch(CommandLine line, ParseResult parsed) {
    if (CommandLine.executeHelpRequest(parsed) != null) {
      return DONE;
    }
    if (parsed.hasMatchedOption(SETTINGS)) {
      console.out().print(ReferencePage.markdown());
      return DONE;
    }
    if (!parsed.hasSubcommand()) {
      line.usage(console.err());
      return USAGE;
    }
    ParseResult sub = parsed;
    while (sub.hasSubcommand()) {
      sub = sub.subcommand();
    }
    if (!(sub.commandSpec().userObject() instanceof Command command)) {
      sub.commandSpec().commandLine().usage(console.err(), CommandLine.Help.Ansi.OFF);
      return USAGE;
    }
    command.run(configuration(command, sub), console);
    console.out().flush();
    return DONE;
  }

  private CommandSpec root() {
    CommandSpec root = CommandSpec.create().name("tangents").mixinStandardHelpOptions(true);
    root.version("Tangents " + version());
    root.usageMessage()
        .description("Exact derivatives of trained networks over large datasets, on Apache Spark.");
    root.addOption(
        OptionSpec.builder(SETTINGS)
            .type(boolean.class)
            .description("Print the reference of all settings in Markdown.")
            .build());
    for (Command command : commands) {
      String[] path = command.name().split(" ", -1);
      CommandSpec parent = path.length == 1 ? root : group(root, path[0]);
      parent.addSubcommand(path[path.length - 1], spec(command));
    }
    return root;
  }

  private CommandSpec group(CommandSpec root, String name) {
    CommandLine known = root.subcommands().get(name);
    if (known != null) {
      return known.getCommandSpec();
    }
    CommandSpec group = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    List<String> members =
        commands.stream()
            .map(Command::name)
            .filter(member -> member.startsWith(name + " "))
            .toList();
    group.usageMessage().description("A group of commands: " + String.join(", ", members) + ".");
    root.addSubcommand(name, group);
    return group;
  }

  private static CommandSpec spec(Command command) {
    String name = command.name().substring(command.name().lastIndexOf(' ') + 1);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
    spec.mixinStandardHelpOptions(true);
    spec.version("Tangents " + version());
    spec.usageMessage().description(command.summary());
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .type(String.class)
            .paramLabel("FILE")
            .description("A HOCON file with the keys below; flags win over it.")
            .build());
    spec.addOption(
        OptionSpec.builder(STACKTRACE)
            .type(boolean.class)
            .description("Show where in the program a failure arose.")
            .build());
    command.settings().forEach(setting -> spec.addOption(option(command, setting)));
    command.argument().ifPresent(setting -> spec.addPositional(argument(setting)));
    return spec;
  }

  private static PositionalParamSpec argument(Setting<?> setting) {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(String.class)
        .paramLabel(setting.key().toUpperCase(Locale.ROOT))
        .description("The same as --" + setting.key() + ".")
        .build();
  }

  private static OptionSpec option(Command command, Setting<?> setting) {
    String standard = setting.standard().map(text -> " Default: " + text + ".").orElse("");
    OptionSpec.Builder builder =
        OptionSpec.builder(command.flags(setting).toArray(String[]::new))
            .description(setting.description() + standard);
    if (setting.isFlag()) {
      // The fall-back is the value of the bare flag, whatever the default: picocli would toggle it.
      return builder.type(Boolean.class).arity("0").negatable(true).fallbackValue("true").build();
    }
    builder.paramLabel(setting.label());
    return setting.isRepeatable()
        ? builder.type(List.class).auxiliaryTypes(String.class).build()
        : builder.type(String.class).build();
  }

  private static Configuration configuration(Command command, ParseResult parsed) {
    List<Layer> layers = new ArrayList<>();
    SparkConf spark = new SparkConf();
    String file = parsed.matchedOptionValue(CONFIG, null);
    if (file != null) {
      HadoopFiles.Text text = HadoopFiles.of(spark).readText(file, "configuration file");
      layers.add(ConfigFile.read(file, text.reader()));
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (scala.Tuple2<String, String> pair : spark.getAll()) {
      properties.put(pair._1(), pair._2());
    }
    layers.add(SparkLayer.of(properties));
    Map<String, Value> flags = new LinkedHashMap<>();
    String argument = parsed.matchedPositionalValue(0, null);
    command
        .argument()
        .filter(setting -> argument != null)
        .ifPresent(setting -> flags.put(setting.key(), new Value(argument, "argument")));
    for (Setting<?> setting : command.settings()) {
      String name = command.flags(setting).get(0);
      if (parsed.hasMatchedOption(name)) {
        Object value = parsed.matchedOptionValue(name, null);
        String text =
            value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
        flags.put(setting.key(), new Value(text, "flag " + name));
      }
    }
    layers.add(new Layer(flags));
    return Configuration.resolve(layers);
  }

  private int usage(ParameterException e) {
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      String name = spec.userObject() instanceof Command command ? command.name() : "";
      List<String> others = owners(word);
      boolean aCommand = name.isEmpty() && !word.startsWith("-");
      message =
          (aCommand ? "unknown command '" : "unknown argument '")
              + word
              + "'"
              + (name.isEmpty() || others.isEmpty()
                  ? suggestion(word, spec)
                  : ": it is a flag of %s, not of %s. Leave it out".formatted(some(others), name));
    }
    console.err().println("error: " + message);
    console.err().println("Try '" + spec.qualifiedName() + " --help'.");
    return USAGE;
  }

  /** Commands that have a flag, however it is given. */
  private List<String> owners(String word) {
    String flag = word.replaceFirst("=.*", "").replaceFirst("^--no-", "--");
    return commands.stream()
        .filter(
            command ->
                command.settings().stream()
                    .anyMatch(setting -> command.flags(setting).contains(flag)))
        .map(Command::name)
        .toList();
  }

  private static String some(List<String> names) {
    int more = names.size() - SHOWN;
    return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String suggestion(String word, CommandSpec spec) {
    List<String> known =
        word.startsWith("-")
            ? spec.options().stream()
                .flatMap(option -> List.of(option.names()).stream())
                .filter(name -> name.startsWith("--"))
                .toList()
            : List.copyOf(spec.subcommands().keySet());
    return Nearest.to(word, known).map(near -> ". Did you mean '" + near + "'?").orElse("");
  }

  private int failure(Exception e, boolean stacktrace) {
    PrintStream err = console.err();
    Optional<TangentsException> known = TangentsException.in(e);
    if (known.isEmpty() && Interruption.ending()) {
      err.println(
          "error (resource): interrupted: this process is ended from outside. Run it again");
      return FAILED;
    }
    if (known.isPresent()) {
      Category category = known.get().category();
      String name = category.name().toLowerCase(Locale.ROOT);
      err.println("error (" + name + "): " + known.get().getMessage());
    } else {
      err.println("error (internal): " + firstLine(e));
    }
    if (stacktrace) {
      e.printStackTrace(err);
    } else if (known.isEmpty() || known.get().category() == Category.INTERNAL) {
      err.println("Run it again with --stacktrace to see where it arose.");
    }
    return known.filter(k -> k.category() == Category.USER).isPresent() ? USAGE : FAILED;
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    return e.getClass().getSimpleName()
        + ": "
        + message.lines().filter(line -> !line.isBlank()).findFirst().orElse("no message");
  }

  private static String version() {
    String version = Tangents.class.getPackage().getImplementationVersion();
    return version == null ? "(unpacked build)" : version;
  }
}
