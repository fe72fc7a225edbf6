package dev.tangents.job.bench;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Model;
import dev.tangents.importer.Models;

/** Benchmarks use networks in one string and open no file. */
final class BenchModels {
  private BenchModels() {}

  static Model load(String spec) {
    return Models.load(
        spec,
        name -> {
          throw TangentsException.internal("Benchmark: it opens no file, not even '%s'", name);
        });
  }
}
