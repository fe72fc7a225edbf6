package dev.tangents.importer.onnx;

import dev.tangents.importer.onnx.schema.Onnx.GraphProto;
import dev.tangents.importer.onnx.schema.Onnx.StringStringEntryProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a file itself says of its initializers. PyTorch's newer exporter ({@code dynamo=True})
 * writes beside each what it was in the module: a parameter, a buffer or a constant.
 */
final class DeclaredKinds {
  private static final String KEY = "pkg.torch.export.graph_signature.InputSpec.kind";
  private static final String PARAMETER = "PARAMETER";

  private final Map<String, String> kinds = new HashMap<>();

  /** The kinds that the values of a graph are declared with. */
  DeclaredKinds(GraphProto graph) {
    for (ValueInfoProto value : graph.getValueInfoList()) {
      for (StringStringEntryProto entry : value.getMetadataPropsList()) {
        if (entry.getKey().equals(KEY)) {
          kinds.put(value.getName(), entry.getValue());
        }
      }
    }
  }

  /** Whether nothing is declared. */
  boolean isEmpty() {
    return kinds.isEmpty();
  }

  /** Whether an initializer is declared a parameter; empty if nothing is said of it. */
  Optional<Boolean> isParameter(String name) {
    return Optional.ofNullable(kinds.get(name)).map(PARAMETER::equals);
  }
}
