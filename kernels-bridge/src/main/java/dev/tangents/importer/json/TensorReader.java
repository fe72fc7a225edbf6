package dev.tangents.importer.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.NumberBudget;
import dev.tangents.importer.Sha256;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Reads the numbers of a file, written out or in npy files beside it, within one budget. */
final class TensorReader {
  private final ModelSource source;
  private final List<byte[]> hashed = new ArrayList<>();
  private final NumberBudget budget;

  /**
   * A reader for one model.
   *
   * @param maxBytes most bytes of all numbers together, in double
   * @param json the file's bytes, for the hash
   */
  TensorReader(ModelSource source, long maxBytes, byte[] json) {
    this.source = source;
    this.budget = new NumberBudget(maxBytes);
    hashed.add(json);
  }

  /**
   * The tensor of {@code {"shape": [2], "values": [1, 2]}} or {@code {"npy": "W.npy"}}.
   *
   * @throws TangentsException of category MODEL if it is neither, or larger than what is left
   */
  Literal read(Attributes json) {
    Literal literal =
        json.optionalText("npy").map(name -> readNpy(name, json)).orElseGet(() -> readValues(json));
    json.requireNoOthers();
    return literal;
  }

  /** Hash of all bytes read so far. */
  String sha256() {
    return Sha256.hex(hashed.toArray(new byte[0][]));
  }

  private Literal readValues(Attributes json) {
    Shape shape = json.shape("shape");
    JsonNode values = json.array("values", Integer.MAX_VALUE);
    budget.spend(shape.size());
    if (values.size() != shape.size()) {
      throw TangentsException.model(
          "field 'values': shape %s needs %d numbers, got %d", shape, shape.size(), values.size());
    }
    double[] numbers = new double[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Attributes.asNumber("values", values.get(i));
    }
    return Literal.of(TensorType.real(shape), numbers);
  }

  private Literal readNpy(String name, Attributes json) {
    byte[] bytes = source.sibling(ModelSource.requirePlainName(name)).bytes(budget.bytesLeft());
    hashed.add(bytes);
    Literal literal;
    try {
      literal = NpyReader.read(bytes, budget.numbersLeft());
    } catch (TangentsException e) {
      throw e.within(name);
    }
    Shape found = literal.type().shape();
    if (json.find("shape").isPresent() && !json.shape("shape").equals(found)) {
      throw TangentsException.model(
          "%s: its shape is %s; the field 'shape' says %s", name, found, json.shape("shape"));
    }
    budget.spend(found.size());
    return literal;
  }
}
