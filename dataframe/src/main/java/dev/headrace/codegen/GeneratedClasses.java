package dev.headrace.codegen;

import dev.headrace.function.EvalContext;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.commons.compiler.InternalCompilerException;
import org.codehaus.janino.SimpleCompiler;

/// Compiled classes by their source, the most recently used of the process. Thread-safe.
///
/// A class is a hidden class of this package: it goes when the last program that uses it and its place here do. Janino
/// is loaded when the first class is compiled.
final class GeneratedClasses {
    private static final int KEPT = 500;
    private static final int CLASS_FILE_VERSION = 17;
    private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class, Object[].class, EvalContext.class);

    private static final Map<String, MethodHandle> CONSTRUCTORS = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MethodHandle> eldest) {
            return size() > KEPT;
        }
    };

    private static volatile boolean warm;

    private GeneratedClasses() {}

    /// Whether a class has been compiled in this process, so that the next one takes milliseconds only.
    static boolean warm() {
        return warm;
    }

    /// The constructor of a class of this source.
    ///
    /// @throws CodeRejectedException if it can't be compiled
    static MethodHandle constructor(GeneratedSource source) {
        synchronized (CONSTRUCTORS) {
            MethodHandle known = CONSTRUCTORS.get(source.code());
            if (known != null) {
                return known;
            }
        }
        MethodHandle constructor = define(compile(source.code()));
        synchronized (CONSTRUCTORS) {
            CONSTRUCTORS.put(source.code(), constructor);
        }
        return constructor;
    }

    static byte[] compile(String code) {
        SimpleCompiler compiler = new SimpleCompiler();
        compiler.setParentClassLoader(GeneratedClasses.class.getClassLoader());
        compiler.setSourceVersion(CLASS_FILE_VERSION);
        compiler.setTargetVersion(CLASS_FILE_VERSION);
        compiler.setDebuggingInformation(false, true, false);
        try {
            compiler.cook(code);
        } catch (CompileException | InternalCompilerException rejected) {
            throw new CodeRejectedException(rejected);
        }
        warm = true;
        byte[] bytes = compiler.getBytecodes().get(GeneratedSource.CLASS_NAME);
        if (bytes == null) {
            throw new IllegalStateException("no class " + GeneratedSource.CLASS_NAME + " in\n" + code);
        }
        return bytes;
    }

    private static MethodHandle define(byte[] bytes) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            return lookup.findConstructor(lookup.lookupClass(), CONSTRUCTOR)
                    .asType(CONSTRUCTOR.changeReturnType(ComputeBody.class));
        } catch (LinkageError | ReflectiveOperationException rejected) {
            throw new CodeRejectedException(rejected);
        }
    }
}
