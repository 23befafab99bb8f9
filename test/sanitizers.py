"""What the sanitizers must be told about libraries that are not instrumented."""


def environment(sanitizers):
    """Environment variables for programs built with -fsanitize=SANITIZERS.

    LLVM's allocators mark memory as poisoned from inline functions in our
    objects, and the same allocators inside libLLVM.so, which is built without
    the sanitizer, never take the mark back. So user poisoning is not believed.
    """
    if not sanitizers:
        return {}
    return {
        "ASAN_OPTIONS": "allow_user_poisoning=0:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
