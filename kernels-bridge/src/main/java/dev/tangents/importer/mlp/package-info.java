/**
 * Random networks in one string, for kernel studies without a file: {@code
 * mlp:784-1024-1024-1:relu?param=ntk&seed=1}.
 *
 * <pre>
 *   spec -> MlpSpec (what was asked) -> MlpImporter (graph, weights from CounterNormals)
 * </pre>
 *
 * <p>Imports {@code ir}, {@code op} and {@code error}. Start reading at {@link
 * dev.tangents.importer.mlp.MlpImporter}.
 */
package dev.tangents.importer.mlp;
