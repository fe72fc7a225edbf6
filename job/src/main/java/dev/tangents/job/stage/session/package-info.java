/**
 * What every command does around its own work on Spark: the session, checks before the first stage,
 * progress, and the seats of tasks that compute.
 *
 * <p>{@link Opening} starts Spark while the model is imported, or is lent a session ({@link
 * OpenSession}); {@link ComputeSlots} has stages scheduled by GPU where they compute on one; {@link
 * Rehearsal} has workers take their memory before anything is written. Knows no command. Start
 * reading at {@link Opening}.
 */
package dev.tangents.job.stage.session;
