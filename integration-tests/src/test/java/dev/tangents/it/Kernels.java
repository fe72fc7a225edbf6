package dev.tangents.it;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.reference.ReferenceEngine;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.transform.Vjp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Kernels by the plainest way, J J^T on the reference engine, and kernels read from files. */
final class Kernels {
  private Kernels() {}

  /**
   * Gradients by parameter: for each sample and output the gradient of that output, of every
   * parameter in turn.
   */
  static List<List<Map<String, double[]>>> jacobian(List<double[]> samples) {
    Model model =
        Models.load(
            Gram.MODEL, LocalFile::at, ImportOptions.defaults().withOutput(ModelOutput.LOGITS));
    List<String> names = model.graph().parameters().stream().map(Node.Parameter::name).toList();
    Graph vjp = Vjp.of(model.graph(), names);
    int outputs = (int) model.outputCount();
    List<List<Map<String, double[]>>> jacobian = new ArrayList<>();
    try (ReferenceEngine engine = new ReferenceEngine()) {
      for (double[] sample : samples) {
        List<Map<String, double[]>> rows = new ArrayList<>();
        for (int o = 0; o < outputs; o++) {
          double[] seed = new double[outputs];
          seed[o] = 1;
          List<HostTensor> gradients =
              engine.evaluate(
                  vjp,
                  model.weights(),
                  List.of(
                      HostTensor.of(Shape.of(sample.length), sample),
                      HostTensor.of(Shape.of(outputs), seed)));
          Map<String, double[]> row = new TreeMap<>();
          for (int i = 0; i < names.size(); i++) {
            row.put(names.get(i), gradients.get(i).doubles());
          }
          rows.add(row);
        }
        jacobian.add(rows);
      }
    }
    return jacobian;
  }

  /** sum over the named parameters of the inner products of two gradients. */
  static double dot(Map<String, double[]> a, Map<String, double[]> b, List<String> parameters) {
    double sum = 0;
    for (String parameter : parameters) {
      double[] left = a.get(parameter);
      double[] right = b.get(parameter);
      for (int i = 0; i < left.length; i++) {
        sum += left[i] * right[i];
      }
    }
    return sum;
  }

  /**
   * Entries of all tiles of a folder by (row, column, suffix), where the suffix is what stands
   * after the values: outputs and component.
   */
  static Map<String, Double> entries(Path folder) throws java.io.IOException {
    Map<String, Double> entries = new TreeMap<>();
    for (Group record : records(folder)) {
      StringBuilder suffix = new StringBuilder();
      for (int field = 5; field < record.getType().getFieldCount(); field++) {
        suffix.append(' ').append(record.getValueToString(field, 0));
      }
      Group values = record.getGroup("values", 0);
      for (int c = 0; c < values.getFieldRepetitionCount("list"); c++) {
        String text = values.getGroup("list", c).getValueToString(0, 0);
        String key = record.getLong("row", 0) + " " + (record.getLong("col_start", 0) + c) + suffix;
        if (entries.put(key, Double.valueOf(text)) != null) {
          throw new AssertionError("Entry " + key + " is there twice");
        }
      }
    }
    return entries;
  }

  /** The records of a folder of Parquet files. */
  static List<Group> records(Path folder) throws java.io.IOException {
    List<Group> records = new ArrayList<>();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toString());
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), path).withConf(new Configuration()).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        records.add(group);
      }
    }
    return records;
  }

  /** Features of the samples that a run wrote, in order. */
  static List<double[]> features(Path folder) throws java.io.IOException {
    // Files of a folder come in any order.
    Map<Long, double[]> samples = new TreeMap<>();
    for (Group record : records(folder)) {
      Group list = record.getGroup("features", 0);
      double[] features = new double[list.getFieldRepetitionCount("list")];
      for (int d = 0; d < features.length; d++) {
        features[d] = Double.parseDouble(list.getGroup("list", d).getValueToString(0, 0));
      }
      samples.put(record.getLong("index", 0), features);
    }
    return new ArrayList<>(samples.values());
  }
}
