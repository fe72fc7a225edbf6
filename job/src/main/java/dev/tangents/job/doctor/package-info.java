/**
 * {@code tangents doctor}: whether runs would work here, and if not what to do.
 *
 * <p>{@code stage.doctor.DoctorRun} gathers {@link dev.tangents.job.doctor.Facts} on the driver and
 * on every executor; each {@link dev.tangents.job.doctor.Check} judges them, without Spark, and
 * names one cure. A new check is its class and its line in {@link dev.tangents.job.doctor.Checks}.
 *
 * <p>Start reading at {@link dev.tangents.job.doctor.Checks}.
 */
package dev.tangents.job.doctor;
