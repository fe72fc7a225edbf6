/**
 * The command {@code append}: samples added to a kernel, of whose tiles only the new ones are
 * computed. Start reading at {@link AppendRun}.
 */
package dev.tangents.job.stage.append;
