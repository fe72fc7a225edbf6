/**
 * The stages of a run: what happens on Spark, a package for each command and for what they share.
 *
 * <pre>
 *   gram    append         kernels        }
 *   rows                   rows and sums  }  a command each, on the driver
 *   verify  export  doctor                }
 *   tile                   tiles of a kernel, computed and written on executors
 *   sample                 rows of a table, put into order and into panels
 *   session                Spark itself: opened, checked, watched
 * </pre>
 *
 * <p>Imports go downwards; {@code append} and {@code verify} build on {@code gram}. Engines and
 * workers are those of {@code udfs.executor}, one thread each. Only paths, bounds and small
 * summaries travel between driver and executors; samples travel once, to their panel. Start reading
 * at {@link dev.tangents.job.stage.gram.GramRun}.
 */
package dev.tangents.job.stage;
