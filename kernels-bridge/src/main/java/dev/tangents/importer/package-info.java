/**
 * Models from outside: a specification such as {@code digits.zip}, {@code net.json} or {@code
 * mlp:64-128-10:relu} becomes a graph for one sample and the weights under the model's own names.
 *
 * <pre>
 *   spec -> Models -> the first importer that accepts it -> Model (graph, weights, description, hash)
 *                       mlp/   random networks           json/  our own explicit form
 *                       dl4j/  Deeplearning4j archives   keras/ .keras and .h5
 *                       onnx/  .onnx
 * </pre>
 *
 * <p>Files are untrusted: nothing in them is deserialised into Java objects, sizes are checked
 * before memory is allocated, and only a {@link dev.tangents.importer.ModelSource} touches a file
 * system. Imports {@code ir}, {@code op} and {@code error}; {@code keras} and {@code onnx} also
 * {@code transform} and {@code exec.reference}, which fold constants and try a network out; {@code
 * dl4j} alone {@code org.nd4j}, {@code org.deeplearning4j} and {@code exec.nd4j.cuda}, which
 * chooses ND4J's backend.
 *
 * <p>Start reading at {@link dev.tangents.importer.Models}.
 */
package dev.tangents.importer;
