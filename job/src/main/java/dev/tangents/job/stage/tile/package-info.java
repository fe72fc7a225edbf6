/**
 * From panels to tiles of a kernel on disk, each once.
 *
 * <pre>
 *   FactorStage         optional: factors of every panel, stored
 *   TileStage           tiles in blocks along the triangle, one task a block
 *     TileWorker          engine, prepared kernel, cache of panels that workers copy from each other
 *     TileGuard           may the tile be written: TileCheck against J (J^T v), precision
 *     WriteBehind         one tile is written while the next is computed
 *     TileStore           names, hashes, commits; what is there already
 * </pre>
 *
 * <p>Start reading at {@link TileStage}.
 */
package dev.tangents.job.stage.tile;
