package dev.tangents.job.doctor;

/** Whether Spark's serializer takes what a run sends. */
final class SerializerCheck implements Check {
  private static final String REGISTRATION = "spark.kryo.registrationRequired";

  @Override
  public String name() {
    return "serializer";
  }

  @Override
  public Finding examine(Facts facts) {
    String serializer = facts.find("spark.serializer").orElse("JavaSerializer");
    String simple = serializer.substring(serializer.lastIndexOf('.') + 1);
    if (simple.equals("KryoSerializer") && facts.isTrue(REGISTRATION)) {
      return Finding.fault(
          REGISTRATION + "=true, and classes of a run are not registered: its first stage fails",
          "set " + REGISTRATION + "=false, or leave spark.serializer at its default");
    }
    return Finding.ok(simple + "; native arrays never travel");
  }
}
