package dev.tangents.job.plan;

import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import dev.tangents.kernel.Method;
import dev.tangents.udfs.model.ModelLoader;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which kernel of which network: enough for the driver and every executor to build the same plan.
 *
 * @param model the network
 * @param parameters patterns of parameter names
 * @param kind form of the kernel
 * @param components whether parameters are kept apart
 * @param methods by patterns of parameter names, a later one before an earlier
 * @param tile samples of the tile that methods are chosen for, 0 where that is still to be decided
 * @param lanes outputs in a pass, 0 for all
 */
public record NetworkSpec(
    ModelSpec model,
    String parameters,
    KernelKind kind,
    boolean components,
    Map<String, Method> methods,
    long tile,
    long lanes)
    implements ModelLoader<NetworkSpec.Network>, Serializable {
  /** Copies the methods, in their order. */
  public NetworkSpec {
    methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
  }

  /** What the configuration asks for. */
  public static NetworkSpec of(Configuration configuration) {
    return new NetworkSpec(
        ConfiguredModel.of(configuration),
        configuration.get(Settings.PARAMS),
        configuration.get(Settings.KERNEL),
        configuration.get(Settings.COMPONENTS),
        configuration.find(Settings.METHOD).map(Methods::parse).orElse(Map.of()),
        0,
        0);
  }

  /** This specification with everything that a plan has decided. */
  public NetworkSpec decided(KernelPlan plan) {
    KernelRequest request = plan.request();
    return new NetworkSpec(
        model, parameters, kind, components, plan.methods(), request.tile(), plan.lanes());
  }

  /** This specification with everything that an earlier plan has decided. */
  public NetworkSpec decided(KernelChoices choices) {
    return new NetworkSpec(
        model,
        parameters,
        kind,
        components,
        choices.methods(),
        choices.methodTile(),
        choices.lanes());
  }

  /**
   * A model with the plan of its kernel.
   *
   * @param model as it was imported
   * @param graph of the outputs that were chosen
   * @param plan of these outputs and the parameters that were chosen
   */
  public record Network(Model model, Graph graph, KernelPlan plan) {
    /** Planned for another tile and number of outputs in a pass. */
    public Network planned(long samples, long outputs) {
      return new Network(
          model, graph, KernelPlan.of(graph, plan.request().planned(samples, outputs)));
    }
  }

  /** Loads the model and plans the kernel. */
  @Override
  public Network load(Function<String, ModelSource> open) {
    return planned(model.load(open));
  }

  /** Plans the kernel of the model that was loaded. */
  public Network planned(ModelSpec.Loaded loaded) {
    List<String> names =
        loaded.model().graph().parameters().stream().map(Node.Parameter::name).toList();
    List<String> selected = Selections.parameters(parameters, names);
    KernelRequest request =
        new KernelRequest(kind, components, selected)
            .decided(Methods.resolve(methods, selected))
            .planned(tile == 0 ? KernelRequest.STANDARD_TILE : tile, lanes);
    return new Network(loaded.model(), loaded.graph(), KernelPlan.of(loaded.graph(), request));
  }

  @Override
  public Model model(Network loaded) {
    return loaded.model();
  }
}
