package dev.headrace.sparkdelta;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;

/// The same files as [PlainFileSystem] for the other of Hadoop's interfaces to files. Made by Hadoop.
public final class PlainFileContext extends ChecksumFs {
    public PlainFileContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
        super(new Files(uri, conf));
    }

    private static final class Files extends DelegateToFileSystem {
        Files(URI uri, Configuration conf) throws IOException, URISyntaxException {
            super(uri, new PlainFiles(), conf, "file", false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        @Override
        public boolean isValidName(String name) {
            return true;
        }
    }
}
