/**
 * The command {@code gram} on the driver: which samples, which plan, what is there already, and the
 * manifest of what was done.
 *
 * <p>{@link GramRun} opens and resumes, {@link GramJob} does what a new kernel, a resumed one and
 * an append have in common: it indexes, fits the plan to the memory ({@link Fitting}), has the
 * tiles computed and writes the manifest. A {@link Ledger} is what a run leaves behind in case it
 * is killed. Start reading at {@link GramRun}.
 */
package dev.tangents.job.stage.gram;
