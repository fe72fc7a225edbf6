/**
 * Bytes on a file system: each file is written under a name that begins with an underscore and
 * renamed when it is whole.
 *
 * <p>{@link Commits} is that protocol on any Hadoop file system, {@link StagedFile} a file on its
 * way, {@link UncachedStream} how it goes past the page cache of a local disk. Start reading at
 * {@link Commits}.
 */
package dev.tangents.job.io.file;
