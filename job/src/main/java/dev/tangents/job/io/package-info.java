/**
 * Files: a package for each thing that lies on disk, and two below them for how bytes and Parquet
 * get there.
 *
 * <pre>
 *   output  export          the folder of a run; a kernel in other forms
 *   tile    panel    rows   what is in the folder
 *   input                   what a user brings
 *   parquet                 columns and pages
 *   file                    written whole or not at all
 * </pre>
 *
 * <p>The bytes of a file depend on its content alone. Start reading at {@link
 * dev.tangents.job.io.output.OutputFolder}.
 */
package dev.tangents.job.io;
