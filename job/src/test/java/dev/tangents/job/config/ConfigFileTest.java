package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  @Test
  void listsAreJoined() {
    assertEquals("a,b", read("features = [a, b]", "features"));
    assertEquals("0.0625", read("scale = 0.0625", "scale"));
    assertEquals("true", read("mirror = true", "mirror"));
  }

  @Test
  void nestedKeysAreRefused() {
    assertEquals(
        "model: expected a text, a number, true or false, got object (a.conf line 1). Keys are flat,"
            + " such as model",
        refused("model { file = x }"));
  }

  @Test
  void includesAreRefused() {
    assertEquals(
        "Configuration file a.conf: include \"/etc/passwd\" is not supported. Write all keys into one"
            + " file",
        refused("include \"/etc/passwd\""));
  }

  @Test
  void badSyntaxNamesTheFile() {
    String message = refused("model = [");
    assertTrue(message.startsWith("Configuration file a.conf: a.conf: 1: "), message);
    assertTrue(message.endsWith("The form is HOCON: one 'key = value' a line"), message);
  }

  private static String read(String text, String key) {
    return ConfigFile.read("a.conf", new StringReader(text)).values().get(key).text();
  }

  private static String refused(String text) {
    return assertThrows(
            TangentsException.class, () -> ConfigFile.read("a.conf", new StringReader(text)))
        .getMessage();
  }
}
