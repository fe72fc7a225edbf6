/**
 * What a row brings along, as the network takes it: features, a target, directions, from columns of
 * any form that is known. Says what is wrong with a row otherwise. Knows nothing of Spark.
 *
 * <p>Start reading at {@link dev.tangents.udfs.sample.FeatureReader}.
 */
package dev.tangents.udfs.sample;
