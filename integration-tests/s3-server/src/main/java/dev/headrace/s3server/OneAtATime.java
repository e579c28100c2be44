package dev.headrace.s3server;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/// Has requests wait for each other: the server looks whether an object is there, and writes it, in two steps, where S3
/// does both in one. Spring finds it by `META-INF/spring`.
public final class OneAtATime implements Filter {
    private final ReentrantLock lock = new ReentrantLock();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        lock.lock();
        try {
            chain.doFilter(request, response);
        } finally {
            lock.unlock();
        }
    }
}
