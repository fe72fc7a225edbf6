/**
 * Networks saved by Deeplearning4j's {@code ModelSerializer}: a {@code MultiLayerNetwork} or {@code
 * ComputationGraph} of dense, convolution, pooling, activation, output, loss, dropout and
 * batch-normalisation layers, in inference mode.
 *
 * <pre>
 *   archive -> ZipArchive -> configuration.json -> LayerReader -> vertices and how many numbers they need
 *                        \--> coefficients.bin   -> CoefficientReader (reads just that many)
 *   vertices + numbers -> Dl4jImporter -> Model            Dl4jVerifier: the same in Deeplearning4j itself
 * </pre>
 *
 * <p>Reading uses no class of Deeplearning4j or ND4J: only {@link
 * dev.tangents.importer.dl4j.Dl4jVerifier} does. Start reading at {@link
 * dev.tangents.importer.dl4j.Dl4jImporter}.
 */
package dev.tangents.importer.dl4j;
