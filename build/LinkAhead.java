import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Writes into compiled classes what the JDK would generate when a program first comes by: the choice of a pattern
/// switch's case, and `equals` and `hashCode` of records.
///
/// javac leaves these to [java.lang.runtime.SwitchBootstraps] and [java.lang.runtime.ObjectMethods], which make a
/// hidden class for each place in the code. A first query comes by a hundred of them (`docs/decisions/0353`). Here each
/// such call becomes one of a private method in the same class that does what these two document.
///
/// The build runs it after the compiler, as a program of its own on JDK 25: `java -classpath … build/LinkAhead.java
/// DIRECTORY`, with the classes that the compiled ones use. What it doesn't know, such as switches over numbers, stays as
/// it is; so it may run again over what it has written.
final class LinkAhead {
    private static final MethodTypeDesc EQUALS = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object);
    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");

    private final ClassModel type;
    private final List<Site> sites = new ArrayList<>();

    /// A call, and the name of the method that it is replaced by.
    private record Site(String method, InvokeDynamicInstruction call) {
        List<LoadableConstantEntry> arguments() {
            return call.invokedynamic().bootstrap().arguments();
        }
    }

    private LinkAhead(ClassModel type) {
        this.type = type;
    }

    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                ClassModel type = ClassFile.of().parse(file);
                if (type.methods().stream().anyMatch(LinkAhead::isLinkable)) {
                    Files.write(file, new LinkAhead(type).linked());
                }
            }
        }
    }

    private static boolean isLinkable(MethodModel method) {
        return method.code().stream().flatMap(code -> code.elementStream()).anyMatch(LinkAhead::isLinkable);
    }

    private static boolean isLinkable(CodeElement element) {
        if (!(element instanceof InvokeDynamicInstruction call)) {
            return false;
        }
        var bootstrap = call.invokedynamic().bootstrap();
        return switch (bootstrap.bootstrapMethod().reference().owner().asInternalName()) {
            case "java/lang/runtime/SwitchBootstraps" ->
                bootstrap.arguments().stream()
                        .allMatch(label -> label instanceof ClassEntry || label instanceof StringEntry);
            case "java/lang/runtime/ObjectMethods" -> !call.name().equalsString("toString");
            default -> false;
        };
    }

    private byte[] linked() {
        ClassTransform calls = ClassTransform.transformingMethodBodies(LinkAhead::isLinkable, this::replace);
        return ClassFile.of().transformClass(type, calls.andThen(ClassTransform.endHandler(this::addMethods)));
    }

    private void replace(CodeBuilder code, CodeElement element) {
        if (isLinkable(element) && element instanceof InvokeDynamicInstruction call) {
            Site site = new Site("$" + call.name().stringValue() + sites.size(), call);
            sites.add(site);
            // With as many bytes as the call had: JDK 25 does not move the ranges of local variables' annotations.
            code.invokestatic(
                            type.thisClass().asSymbol(),
                            site.method,
                            call.typeSymbol(),
                            type.flags().has(AccessFlag.INTERFACE))
                    .nop()
                    .nop();
        } else {
            code.with(element);
        }
    }

    private void addMethods(ClassBuilder to) {
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;
        for (Site site : sites) {
            to.withMethodBody(site.method, site.call.typeSymbol(), flags, code -> {
                switch (site.call.name().stringValue()) {
                    case "typeSwitch" -> choose(code, site, LinkAhead::testType);
                    case "enumSwitch" -> {
                        ClassDesc constants = site.call.typeSymbol().parameterType(0);
                        choose(code, site, (test, label, otherwise) -> testConstant(test, constants, label, otherwise));
                    }
                    case "equals" -> compare(code, site);
                    case "hashCode" -> hash(code, site);
                    case String unknown -> throw new IllegalStateException(unknown);
                }
            });
        }
    }

    /// Goes to `otherwise` if argument 0 is not what a label says.
    private interface Test {
        void write(CodeBuilder code, LoadableConstantEntry label, Label otherwise);
    }

    /// `int choose(target, restart)`: the first label from `restart` on that fits, their number if none does, -1 for
    /// null.
    private static void choose(CodeBuilder code, Site site, Test test) {
        List<LoadableConstantEntry> labels = site.arguments();
        Label some = code.newLabel();
        code.aload(0).ifnonnull(some).iconst_m1().ireturn().labelBinding(some);
        List<SwitchCase> starts = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            starts.add(SwitchCase.of(i, code.newLabel()));
        }
        Label none = code.newLabel();
        if (!labels.isEmpty()) {
            code.iload(1).tableswitch(0, labels.size() - 1, none, starts);
        }
        for (SwitchCase start : starts) {
            Label next = code.newLabel();
            code.labelBinding(start.target());
            test.write(code, labels.get(start.caseValue()), next);
            code.loadConstant(start.caseValue()).ireturn().labelBinding(next);
        }
        code.labelBinding(none).loadConstant(labels.size()).ireturn();
    }

    private static void testType(CodeBuilder code, LoadableConstantEntry label, Label otherwise) {
        if (label instanceof ClassEntry type) {
            code.aload(0).instanceOf(type).ifeq(otherwise);
        } else {
            code.ldc(label)
                    .aload(0)
                    .invokevirtual(ConstantDescs.CD_String, "equals", EQUALS)
                    .ifeq(otherwise);
        }
    }

    private static void testConstant(
            CodeBuilder code, ClassDesc constants, LoadableConstantEntry label, Label otherwise) {
        if (label instanceof StringEntry name) {
            code.aload(0).getstatic(constants, name.stringValue(), constants).if_acmpne(otherwise);
        } else {
            testType(code, label, otherwise);
        }
    }

    /// The fields of a record.
    private static List<MemberRefEntry> fields(Site site) {
        return site.arguments().stream()
                .filter(MethodHandleEntry.class::isInstance)
                .map(getter -> ((MethodHandleEntry) getter).reference())
                .toList();
    }

    /// `boolean compare(self, other)`
    private void compare(CodeBuilder code, Site site) {
        ClassDesc self = type.thisClass().asSymbol();
        Label notSame = code.newLabel();
        Label different = code.newLabel();
        code.aload(0).aload(1).if_acmpne(notSame).iconst_1().ireturn().labelBinding(notSame);
        code.aload(1).instanceOf(self).ifeq(different);
        for (MemberRefEntry field : fields(site)) {
            ClassDesc of = ClassDesc.ofDescriptor(field.type().stringValue());
            String name = field.name().stringValue();
            code.aload(0).getfield(self, name, of).aload(1).checkcast(self).getfield(self, name, of);
            MethodTypeDesc two = MethodTypeDesc.of(ConstantDescs.CD_int, of, of);
            switch (of.descriptorString()) {
                case "Z", "B", "S", "C", "I" -> code.if_icmpne(different);
                case "J" -> code.lcmp().ifne(different);
                case "F" ->
                    code.invokestatic(ConstantDescs.CD_Float, "compare", two).ifne(different);
                case "D" ->
                    code.invokestatic(ConstantDescs.CD_Double, "compare", two).ifne(different);
                default ->
                    code.invokestatic(OBJECTS, "equals", EQUALS.insertParameterTypes(0, ConstantDescs.CD_Object))
                            .ifeq(different);
            }
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    /// `int hash(self)`
    private void hash(CodeBuilder code, Site site) {
        ClassDesc self = type.thisClass().asSymbol();
        code.iconst_0();
        for (MemberRefEntry field : fields(site)) {
            ClassDesc of = ClassDesc.ofDescriptor(field.type().stringValue());
            code.bipush(31).imul().aload(0).getfield(self, field.name().stringValue(), of);
            ClassDesc given = of.isPrimitive() ? of : ConstantDescs.CD_Object;
            code.invokestatic(hashes(of), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, given))
                    .iadd();
        }
        code.ireturn();
    }

    private static ClassDesc hashes(ClassDesc type) {
        return switch (type.descriptorString()) {
            case "Z" -> ConstantDescs.CD_Boolean;
            case "B" -> ConstantDescs.CD_Byte;
            case "S" -> ConstantDescs.CD_Short;
            case "C" -> ConstantDescs.CD_Character;
            case "I" -> ConstantDescs.CD_Integer;
            case "J" -> ConstantDescs.CD_Long;
            case "F" -> ConstantDescs.CD_Float;
            case "D" -> ConstantDescs.CD_Double;
            default -> OBJECTS;
        };
    }
}
