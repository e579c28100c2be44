package dev.headrace.types;

/// The types that arithmetic works on.
public sealed interface NumericType extends DataType
        permits ByteType, ShortType, IntegerType, LongType, FloatType, DoubleType, DecimalType {}
