/**
 * Our own small form of a network, in JSON with explicit weights: {@code
 * kernels-bridge/docs/model-json.md} is its description.
 *
 * <pre>
 *   file -> NetworkReader: tensors (TensorReader, NpyReader), then nodes by OpTable -> graph, weights
 * </pre>
 *
 * <p>Imports {@code ir}, {@code op}, {@code error} and Jackson's tree. Start reading at {@link
 * dev.tangents.importer.json.JsonImporter}.
 */
package dev.tangents.importer.json;
