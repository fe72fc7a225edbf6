/**
 * Networks in ONNX, opsets 11 to 21: {@code .onnx} files and the data files beside them.
 *
 * <pre>
 *   file -> OnnxFile (protobuf, opset, numbers) -> GraphReader (node by node, rules of OpTable)
 *        -> graph of one sample, weights -> BatchCheck (two samples at once = one after the other)
 * </pre>
 *
 * <p>The graph is read at a batch of one: whatever depends on shapes alone is computed while it is
 * read, and what is left is a network for one sample. Imports {@code ir}, {@code op}, {@code
 * error}, {@code transform} and {@code exec.reference} for that arithmetic, {@code exec} for the
 * check, and protobuf. The package {@code schema} below is generated from the official {@code
 * onnx.proto}. Start reading at {@link dev.tangents.importer.onnx.OnnxImporter}.
 */
package dev.tangents.importer.onnx;
