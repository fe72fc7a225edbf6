package dev.tangents.job.doctor;

import java.util.List;

/** How files of a result get their names. */
final class CommitterCheck implements Check {
  private static final List<String> KEYS =
      List.of(
          "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version",
          "spark.hadoop.fs.s3a.committer.name",
          "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
          "spark.sql.parquet.output.committer.class",
          "spark.sql.sources.commitProtocolClass");

  @Override
  public String name() {
    return "committer";
  }

  @Override
  public Finding examine(Facts facts) {
    List<String> set = KEYS.stream().filter(facts.conf()::containsKey).toList();
    String ours = "each file gets its name from Tangents when it is whole, by a rename";
    return Finding.ok(
        set.isEmpty() ? ours : ours + "; without effect on it: " + String.join(", ", set));
  }
}
