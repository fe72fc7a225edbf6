/**
 * The command line: flags to a {@link dev.tangents.job.config.Configuration}, failures to messages
 * and exit codes (0 done, 1 failed, 2 usage).
 *
 * <p>A command is one {@link dev.tangents.job.cli.Command} in the list of {@code Main}; its flags
 * are made from the settings that it names.
 *
 * <p>Start reading at {@link dev.tangents.job.cli.Tangents}.
 */
package dev.tangents.job.cli;
