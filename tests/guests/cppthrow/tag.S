# The tag of all exceptions in C++, which clang's code and its libraries expect somebody to define.
.tagtype __cpp_exception i32
.globl __cpp_exception
__cpp_exception:
