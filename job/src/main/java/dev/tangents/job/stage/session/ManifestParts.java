package dev.tangents.job.stage.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tangents.importer.EqualParameters;
import dev.tangents.importer.Model;
import dev.tangents.importer.Tie;
import dev.tangents.ir.Node;
import dev.tangents.job.config.Configuration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.util.VersionInfo;

/** What the manifests of all commands have in common. */
public final class ManifestParts {
  private ManifestParts() {}

  /** Every setting with its value and origin. */
  public static Map<String, Object> configured(Configuration configuration) {
    Map<String, Object> values = new LinkedHashMap<>();
    configuration
        .values()
        .forEach(
            (key, value) -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("value", value.text());
              entry.put("origin", value.origin());
              values.put(key, entry);
            });
    return values;
  }

  /** Description, hash, and the shape of every parameter. */
  public static Map<String, Object> model(Model model) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("description", model.description());
    facts.put("sha256", model.sha256());
    Map<String, Object> shapes = new LinkedHashMap<>();
    for (Node.Parameter parameter : model.graph().parameters()) {
      shapes.put(parameter.name(), Arrays.stream(parameter.type().shape().dims()).boxed().toList());
    }
    facts.put("parameters", shapes);
    List<Tie> equal = EqualParameters.of(model.weights());
    if (!equal.isEmpty()) {
      facts.put("equal-parameters", equal.stream().map(Tie::toString).toList());
    }
    return facts;
  }

  /** Versions of this program and of what it runs on. */
  public static Map<String, Object> versions(String spark) {
    String own = ManifestParts.class.getPackage().getImplementationVersion();
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("tangents", own == null ? "unpacked" : own);
    versions.put("spark", spark);
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  /** The facts as JSON, in their order. */
  public static String json(Map<String, Object> facts) {
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
