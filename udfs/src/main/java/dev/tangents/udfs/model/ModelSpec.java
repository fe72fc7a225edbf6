package dev.tangents.udfs.model;

import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.kernel.Networks;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/**
 * Which function of which model is differentiated: enough for the driver and every executor to load
 * the same.
 *
 * @param model specification of the model
 * @param options how it is read: which value is f(x), what is tied
 * @param selectedOutputs the outputs that take part; empty for all
 */
public record ModelSpec(String model, ImportOptions options, List<Integer> selectedOutputs)
    implements ModelLoader<ModelSpec.Loaded>, Serializable {
  /**
   * A model with the function that is differentiated.
   *
   * @param model as it was imported
   * @param graph its graph with the outputs that were chosen, [D] to [O]
   */
  public record Loaded(Model model, Graph graph) {}

  @Override
  public Loaded load(Function<String, ModelSource> open) {
    Model loaded = Models.load(model, open, options);
    Graph graph =
        selectedOutputs.isEmpty()
            ? loaded.graph()
            : Networks.select(loaded.graph(), selectedOutputs);
    return new Loaded(loaded, graph);
  }

  @Override
  public Model model(Loaded loaded) {
    return loaded.model();
  }
}
