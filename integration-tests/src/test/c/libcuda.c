/*
 * NVIDIA's driver as far as it tells which devices there are, without any: for tests of what a program does with them.
 * TANGENTS_FAKE_GPUS lists their compute capabilities, such as "8.6,9.0". CUDA_VISIBLE_DEVICES hides all or none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_DEVICE 100
#define MAJOR 75
#define MINOR 76
#define PROCESSORS 16
#define CLOCK_KHZ 1590000

static int capability(int device, int *major, int *minor) {
  const char *list = getenv("TANGENTS_FAKE_GPUS");
  for (int i = 0; list != NULL; i++) {
    if (i == device) {
      return sscanf(list, "%d.%d", major, minor) == 2;
    }
    list = strchr(list, ',');
    list = list == NULL ? NULL : list + 1;
  }
  return 0;
}

static int count(void) {
  const char *visible = getenv("CUDA_VISIBLE_DEVICES");
  int major, minor, count = 0;
  if (visible != NULL && (visible[0] == 0 || visible[0] == '-')) {
    return 0;
  }
  while (capability(count, &major, &minor)) {
    count++;
  }
  return count;
}

int cuInit(unsigned flags) { return count() > 0 ? 0 : NO_DEVICE; }

int cuDriverGetVersion(int *version) {
  *version = 12080;
  return 0;
}

int cuDeviceGetCount(int *devices) {
  *devices = count();
  return 0;
}

int cuDeviceGet(int *device, int ordinal) {
  *device = ordinal;
  return 0;
}

int cuDeviceGetName(char *name, int bytes, int device) {
  snprintf(name, bytes, "Fake GPU");
  return 0;
}

int cuDeviceGetUuid_v2(unsigned char *uuid, int device) {
  memset(uuid, 0xA0 + device, 16);
  return 0;
}

int cuDeviceGetPCIBusId(char *id, int bytes, int device) {
  snprintf(id, bytes, "0000:%02X:00.0", 1 + device);
  return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  *bytes = (size_t)16 << 30;
  return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  int major, minor;
  if (!capability(device, &major, &minor)) {
    return 101;
  }
  *value = attribute == MAJOR ? major : attribute == MINOR ? minor : attribute == PROCESSORS ? 40 : CLOCK_KHZ;
  return 0;
}

int cuGetErrorName(int error, const char **text) {
  *text = "FAKE_ERROR";
  return 0;
}

int cuGetErrorString(int error, const char **text) {
  *text = "an error of the fake driver";
  return 0;
}
