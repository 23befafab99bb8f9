"""What the sanitizers must be told about libraries that are not instrumented."""


def environment(sanitizers):
    """Environment variables for programs built with -fsanitize=SANITIZERS.

    LLVM's allocators mark memory as poisoned from inline functions in our
    objects, and the same allocators inside libLLVM.so, which is built without
    the sanitizer, never take the mark back. So user poisoning is not believed.
    An allocation that is too large gives NULL, as it does without: that the code
    gets along with it is what the tests are about. And threads that Halide's LLVM
    gave a signal stack keep it: the sanitizer would take it for its own.
    """
    if not sanitizers:
        return {}
    return {
        "ASAN_OPTIONS": "allow_user_poisoning=0:allocator_may_return_null=1"
        ":use_sigaltstack=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
