// Appends the jars that hold native libraries to the shaded jar, copying their entries as they are compressed.
// Shading them would inflate and deflate 400 MB for the same bytes: 22 seconds of every build.

import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream
import org.apache.commons.compress.archivers.zip.ZipFile

def shaded = new File(project.build.directory, "${project.build.finalName}-all.jar")
def platform = project.properties['nd4j.classifier']
// Spark's Netty has native jars of its own, which stay beside Spark.
def natives = project.artifacts
    .findAll { it.groupId in ['org.nd4j', 'org.bytedeco'] && it.classifier == platform }
    .sort { it.id }
if (natives.isEmpty()) {
  throw new IllegalStateException("No ND4J artifact has the classifier ${platform}; see nd4j.classifier in the parent POM.")
}

// The libraries; not headers, build files for C, hints for ahead-of-time compilers or POMs.
def wanted = { name ->
  !name.endsWith('/') && !name.endsWith('.h') && !name.startsWith('META-INF/') && !name.contains('/lib/')
}

def whole = new File(shaded.parentFile, shaded.name + '.part')
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
  append(shaded) { true }
  natives.each { append(it.file, wanted) }
}
java.nio.file.Files.move(whole.toPath(), shaded.toPath(), java.nio.file.StandardCopyOption.REPLACE_EXISTING)
log.info("Appended ${natives*.file*.name.join(', ')}")
