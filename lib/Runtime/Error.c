/*===-- Error.c - Codes, messages and details of failures ---------*- C -*-===*\
|*
|* Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A code says what kind of failure it is; the details (which input, which
|* value) are formatted into the context, or into a buffer of the thread where
|* there is no context yet.
|*
\*===--------------------------------------------------------------------===*/

#include "Internal.h"

#include <stdarg.h>
#include <stdio.h>

int sylvite_fail(sylvite_error *error, int code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  return code;
}

/* A function of its own, and not inlined: thread-local storage is reached
   through a TLS descriptor (see CMakeLists.txt), whose resolver does not keep
   vector registers in every C library. Around a call nobody expects that. */
__attribute__((noinline)) sylvite_error *sylvite_thread_error(void) {
  static _Thread_local sylvite_error error;
  return &error;
}

const char *sylvite_last_error(const sylvite_context *context) {
  return context ? context->error.text : sylvite_thread_error()->text;
}

const char *sylvite_error_message(int code) {
  switch (code) {
#define SYLVITE_STATUS(name, number, message)                                  \
  case number:                                                                 \
    return message;
#include "sylvite/Runtime/Status.def"
  }
  return "unknown error code";
}
