/**
 * The command {@code doctor}: looks at the driver and at every executor, and leaves the judgement
 * to {@link dev.tangents.job.doctor}. Start reading at {@link DoctorRun}.
 */
package dev.tangents.job.stage.doctor;
