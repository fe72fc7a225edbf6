/** The {@code spark-submit} application. */
package dev.tangents.job;
