package dev.headrace.codegen;

/// Generated code could not be compiled or loaded, such as a method that grew too large: the expression is interpreted.
final class CodeRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CodeRejectedException(Throwable cause) {
        super(cause.toString(), cause);
    }
}
