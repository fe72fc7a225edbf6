// Makes of the shaded thin jar the fat one: appends the jars that hold native libraries, copying their entries as they
// are compressed. Shading them would inflate and deflate 400 MB for the same bytes: 22 seconds of every build.
// Puts those jars, and a list of them, beside the thin jar, which does not run without them.
// ND4J's CUDA backend (-Pnd4j-cuda) is 600 MB: it lies in the image or in natives/, and travels with no run.

import java.nio.file.Files
import java.nio.file.StandardCopyOption
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream
import org.apache.commons.compress.archivers.zip.ZipFile

def target = new File(project.build.directory)
def thin = new File(target, "${project.build.finalName}-thin.jar")
def all = new File(target, "${project.build.finalName}-all.jar")
def platform = project.properties['nd4j.classifier']
// Spark's Netty has native jars of its own, which stay beside Spark.
def natives = project.artifacts
    .findAll { it.groupId in ['org.nd4j', 'org.bytedeco'] && it.classifier == platform }
    .sort { it.id }
def ofCuda = { it.artifactId == 'cuda' || it.artifactId.startsWith('nd4j-cuda') }
if (natives.isEmpty()) {
  throw new IllegalStateException("No ND4J artifact has the classifier ${platform}; see nd4j.classifier in the parent POM.")
}

// The libraries; not headers, build files for C, hints for ahead-of-time compilers or POMs.
def wanted = { name ->
  !name.endsWith('/') && !name.endsWith('.h') && !name.startsWith('META-INF/') && !name.contains('/lib/')
}

def whole = new File(target, all.name + '.part')
def seen = new HashSet()
new ZipArchiveOutputStream(whole).withCloseable { out ->
  def append = { File jar, accept ->
    def zip = ZipFile.builder().setFile(jar).get()
    zip.withCloseable {
      zip.entriesInPhysicalOrder.each { entry ->
        if (accept(entry.name) && seen.add(entry.name)) {
          out.addRawArchiveEntry(entry, zip.getRawInputStream(entry))
        }
      }
    }
  }
  append(thin) { true }
  natives.findAll { !ofCuda(it) }.each { append(it.file, wanted) }
}
Files.move(whole.toPath(), all.toPath(), StandardCopyOption.REPLACE_EXISTING)

def beside = new File(target, 'natives')
beside.deleteDir()
beside.mkdirs()
natives.each { Files.copy(it.file.toPath(), beside.toPath().resolve(it.file.name)) }
new File(target, "${project.build.finalName}-thin.natives").text =
    "# What ${thin.name} needs beside it on ${platform}, for driver and executors: in the jars folder of the image's\n" +
    "# Spark, or by --jars. Maven's coordinates; the files are in natives/. Spark brings everything else.\n" +
    natives.collect { "${it.groupId}:${it.artifactId}:${it.version}:${it.classifier}\n" }.join()
log.info("Appended ${natives.findAll { !ofCuda(it) }*.file*.name.join(', ')}")
