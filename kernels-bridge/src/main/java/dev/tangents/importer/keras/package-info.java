/**
 * Networks of Keras: {@code .keras} archives (Keras 3) and whole models in HDF5 (Keras 2 and 3),
 * Sequential and Functional, one inside the other.
 *
 * <pre>
 *   file -> KerasFile (JSON, arrays) -> Topology (layers in order) -> NetworkReader (rules of LayerTable)
 *        -> graph of one sample, weights
 *   Hdf5 -> WeightStore: ArchiveWeights (.keras) | LegacyWeights (.h5) -> Variables of a layer
 * </pre>
 *
 * <p>Layers lay channels last, as Keras does by default; {@code Spatial} turns images for the
 * primitives, which have channels first. Imports {@code ir}, {@code op}, {@code error}, {@code
 * transform} and {@code exec.reference} for arithmetic with constants, Jackson, and the HDF5
 * library in {@code Hdf5} alone. Start reading at {@link
 * dev.tangents.importer.keras.KerasImporter}.
 */
package dev.tangents.importer.keras;
