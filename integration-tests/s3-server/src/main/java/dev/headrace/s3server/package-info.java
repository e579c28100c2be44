/// A server that speaks S3, in a process of its own, for tests and benchmarks: [dev.headrace.s3server.S3Process].
@NullMarked
package dev.headrace.s3server;

import org.jspecify.annotations.NullMarked;
