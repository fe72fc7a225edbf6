package dev.tangents.job.stage;

import dev.tangents.job.io.Scalar;
import dev.tangents.job.plan.Panels;
import java.util.List;

/**
 * An indexed input.
 *
 * @param panels its cut into panels
 * @param hash SHA-256, in hex, of all ids and features in order
 * @param labels the label of each sample; empty if no column is named
 */
record Samples(Panels panels, String hash, List<Scalar> labels) {}
