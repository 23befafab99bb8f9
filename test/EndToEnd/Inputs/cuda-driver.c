/*===-- cuda-driver.c - A driver without a device -----------------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Stands in for NVIDIA's libcuda.so, as far as compiled models call it: memory
of
|* the device is memory of the processor, programs are given to ptxas, and
|* launches are checked and not run. What is called is told on stderr, one line
|* each, where CUDA_DRIVER_LOG is set.
|*
\*===--------------------------------------------------------------------===*/

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int result;
typedef uint64_t address;

enum { INVALID_VALUE = 1, INVALID_PTX = 218, SHARED_BYTES = 48 << 10 };

static void tell(const char *format, ...) {
  if (!getenv("CUDA_DRIVER_LOG"))
    return;
  va_list arguments;
  va_start(arguments, format);
  fputs("cuda: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

/* Devices and contexts. */
static void *current;

result cuInit(unsigned flags) { return 0; }
result cuDeviceGetCount(int *count) { return *count = 1, 0; }
result cuDeviceGet(int *device, int ordinal) { return *device = 0, 0; }
result cuDeviceGetAttribute(int *value, int attribute, int device) {
  enum { THREADS = 1, SHARED = 8, MAJOR = 75, MINOR = 76 };
  *value = attribute == THREADS  ? 1024
           : attribute == SHARED ? SHARED_BYTES
           : attribute == MAJOR  ? 8
           : attribute == MINOR  ? 0
                                 : 32;
  return 0;
}
result cuDeviceGetName(char *name, int size, int device) {
  return snprintf(name, (size_t)size, "none"), 0;
}
result cuDeviceTotalMem_v2(size_t *bytes, int device) {
  return *bytes = (size_t)8 << 30, 0;
}
result cuCtxCreate_v2(void **context, unsigned flags, int device) {
  static int one;
  return *context = current = &one, 0;
}
result cuCtxDestroy_v2(void *context) { return 0; }
result cuCtxGetApiVersion(void *context, unsigned *version) {
  return *version = 13000, 0;
}
result cuCtxGetDevice(int *device) { return *device = 0, 0; }
result cuCtxSynchronize(void) { return 0; }
result cuCtxPushCurrent_v2(void *context) { return current = context, 0; }
result cuCtxPopCurrent_v2(void **context) {
  if (context)
    *context = current;
  return 0;
}
result cuProfilerStop(void) { return 0; }
result cuStreamSynchronize(void *stream) { return 0; }

/* Programs. */
result cuModuleLoadData(void **module, const void *image) {
  char path[64], command[256];
  static int count;
  snprintf(path, sizeof path, "cuda-driver-%d-%d.ptx", (int)getpid(), count++);
  FILE *file = fopen(path, "w");
  if (!file)
    return INVALID_PTX;
  fputs(image, file);
  fclose(file);
  const char *arch = getenv("CUDA_DRIVER_ARCH");
  snprintf(command, sizeof command, "ptxas -arch=%s %s -o /dev/null",
           arch ? arch : "sm_80", path);
  int code = system(command);
  unlink(path);
  tell("program: %s", code ? "refused" : "assembled");
  *module = strdup("module");
  return code ? INVALID_PTX : 0;
}
result cuModuleLoadDataEx(void **module, const void *image, unsigned count,
                          void *options, void **values) {
  return cuModuleLoadData(module, image);
}
result cuModuleUnload(void *module) { return free(module), 0; }
result cuModuleGetFunction(void **function, void *module, const char *name) {
  return *function = strdup(name), 0;
}
result cuLaunchKernel(void *function, unsigned blocks_x, unsigned blocks_y,
                      unsigned blocks_z, unsigned threads_x, unsigned threads_y,
                      unsigned threads_z, unsigned shared_bytes, void *stream,
                      void **arguments, void **extra) {
  tell("launch: %u threads, %u bytes shared", threads_x * threads_y * threads_z,
       shared_bytes);
  int isValid = blocks_x && blocks_y && blocks_z && blocks_y < 65536 &&
                blocks_z < 65536 && threads_x * threads_y * threads_z <= 1024 &&
                shared_bytes <= SHARED_BYTES;
  return isValid ? 0 : INVALID_VALUE;
}

/* Memory. */
result cuMemAlloc_v2(address *memory, size_t bytes) {
  return *memory = (address)(uintptr_t)calloc(1, bytes), 0;
}
result cuMemFree_v2(address memory) {
  return free((void *)(uintptr_t)memory), 0;
}
static result copy(const char *what, void *to, const void *from, size_t bytes) {
  tell("%s: %zu bytes", what, bytes);
  memcpy(to, from, bytes);
  return 0;
}
#define AT(memory) ((void *)(uintptr_t)(memory))
result cuMemcpyHtoD_v2(address to, const void *from, size_t bytes) {
  return copy("copy there", AT(to), from, bytes);
}
result cuMemcpyDtoH_v2(void *to, address from, size_t bytes) {
  return copy("copy back", to, AT(from), bytes);
}
result cuMemcpyDtoD_v2(address to, address from, size_t bytes) {
  return copy("copy between", AT(to), AT(from), bytes);
}
result cuMemcpyHtoDAsync_v2(address to, const void *from, size_t bytes,
                            void *stream) {
  return copy("copy there", AT(to), from, bytes);
}
result cuMemcpyDtoHAsync_v2(void *to, address from, size_t bytes,
                            void *stream) {
  return copy("copy back", to, AT(from), bytes);
}
result cuMemcpyDtoDAsync_v2(address to, address from, size_t bytes,
                            void *stream) {
  return copy("copy between", AT(to), AT(from), bytes);
}
result cuMemcpy3D_v2(const void *description) {
  return tell("copy of three dimensions"), INVALID_VALUE;
}
result cuPointerGetAttribute(void *value, int attribute, address memory) {
  enum { DEVICE_MEMORY = 2 };
  return *(int *)value = DEVICE_MEMORY, 0;
}
