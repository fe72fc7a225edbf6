/**
 * The functions of SQL, one file each: which arguments there are, which quantity is computed, what
 * it becomes in a row. The computing is done by the operator of {@code plan}.
 *
 * <p>Start reading at {@link dev.tangents.udfs.function.Functions}.
 */
package dev.tangents.udfs.function;
