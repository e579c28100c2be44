package dev.headrace;

import dev.headrace.api.java.UDF0;
import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.UDF10;
import dev.headrace.api.java.UDF11;
import dev.headrace.api.java.UDF12;
import dev.headrace.api.java.UDF13;
import dev.headrace.api.java.UDF14;
import dev.headrace.api.java.UDF15;
import dev.headrace.api.java.UDF16;
import dev.headrace.api.java.UDF17;
import dev.headrace.api.java.UDF18;
import dev.headrace.api.java.UDF19;
import dev.headrace.api.java.UDF2;
import dev.headrace.api.java.UDF20;
import dev.headrace.api.java.UDF21;
import dev.headrace.api.java.UDF22;
import dev.headrace.api.java.UDF3;
import dev.headrace.api.java.UDF4;
import dev.headrace.api.java.UDF5;
import dev.headrace.api.java.UDF6;
import dev.headrace.api.java.UDF7;
import dev.headrace.api.java.UDF8;
import dev.headrace.api.java.UDF9;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.types.DataType;

/// Functions of the program under a name, for the SQL and the `call_udf` of one session. A name that is registered
/// again means the new function from then on; one of a function of the library hides it.
public final class UDFRegistration {
    private final UserFunctions functions;

    UDFRegistration(UserFunctions functions) {
        this.functions = functions;
    }

    public UserDefinedFunction register(String name, UserDefinedFunction udf) {
        UserDefinedFunction named = udf.withName(name);
        functions.put(name, named);
        return named;
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF0<?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF1<?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF2<?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF3<?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF4<?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF5<?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF6<?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF7<?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF8<?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF9<?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF10<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(String name, UDF11<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF12<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF13<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF14<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF15<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF16<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF17<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF18<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF19<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name, UDF20<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name,
            UDF21<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f,
            DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }

    /// @param returnType of what it gives; see [dev.headrace.Row] for the classes of values
    public UserDefinedFunction register(
            String name,
            UDF22<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f,
            DataType returnType) {
        return register(name, DeclaredFunction.of(f, returnType));
    }
}
