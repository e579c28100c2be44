package dev.headrace.sparkdelta;

import org.apache.hadoop.fs.LocalFileSystem;

/// [PlainFiles] with checksums beside them, as Hadoop writes local files. Made by Hadoop.
public final class PlainFileSystem extends LocalFileSystem {
    public PlainFileSystem() {
        super(new PlainFiles());
    }
}
