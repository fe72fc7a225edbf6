package dev.tangents.job.plan;

import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.ir.Node;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.KernelPlan;
import dev.tangents.kernel.KernelRequest;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/**
 * Which kernel of which network: enough for the driver and every executor to build the same plan.
 *
 * @param model the network
 * @param parameters patterns of parameter names
 * @param kind form of the kernel
 * @param components whether parameters are kept apart
 */
public record NetworkSpec(ModelSpec model, String parameters, KernelKind kind, boolean components)
    implements ModelLoader<NetworkSpec.Network>, Serializable {

  /** What the configuration asks for. */
  public static NetworkSpec of(Configuration configuration) {
    return new NetworkSpec(
        ModelSpec.of(configuration),
        configuration.get(Settings.PARAMS),
        configuration.get(Settings.KERNEL),
        configuration.get(Settings.COMPONENTS));
  }

  /**
   * A model with the plan of its kernel.
   *
   * @param model as it was imported
   * @param plan of the outputs and parameters that were chosen
   */
  public record Network(Model model, KernelPlan plan) {}

  /** Loads the model and plans the kernel. */
  @Override
  public Network load(Function<String, ModelSource> open) {
    ModelSpec.Loaded loaded = model.load(open);
    List<String> names =
        loaded.model().graph().parameters().stream().map(Node.Parameter::name).toList();
    KernelRequest request =
        new KernelRequest(kind, components, Selections.parameters(parameters, names));
    return new Network(loaded.model(), KernelPlan.of(loaded.graph(), request));
  }

  @Override
  public Model model(Network loaded) {
    return loaded.model();
  }
}
