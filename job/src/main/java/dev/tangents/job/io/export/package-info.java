/**
 * A finished kernel in other forms: {@link KernelRows} puts rows together from tiles, for one NumPy
 * array or whole rows in Parquet. Start reading at {@link KernelRows}.
 */
package dev.tangents.job.io.export;
