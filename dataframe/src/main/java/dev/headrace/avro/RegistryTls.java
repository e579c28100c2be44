package dev.headrace.avro;

import dev.headrace.errors.QueryException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Which certificates of a registry are trusted, and which one it is shown, by the options that Kafka's clients have
/// for TLS. The files are read once.
///
/// @param anyHost whether the certificate may be another host's
record RegistryTls(SSLContext context, boolean anyHost) {
    static final String TRUST_STORE = "ssl.truststore.location";
    static final String KEY_STORE = "ssl.keystore.location";
    private static final String KEY_PASSWORD = "ssl.key.password";
    private static final String CHECK_HOST = "ssl.endpoint.identification.algorithm";
    private static final String LOCATION = "location";
    private static final String PASSWORD = "password";
    private static final String TYPE = "type";

    /// @param options those that are read are taken out
    /// @return empty if nothing is said
    /// @throws QueryException `SCHEMA_REGISTRY_OPTION` if a file can't be read
    static Optional<RegistryTls> of(Map<String, String> options) {
        @Nullable String check = options.remove(CHECK_HOST);
        @Nullable String keyPassword = options.remove(KEY_PASSWORD);
        Optional<Store> trusted = Store.of("ssl.truststore.", options);
        Optional<Store> own = Store.of("ssl.keystore.", options);
        if (check != null && !check.isEmpty() && !check.equalsIgnoreCase("https")) {
            throw RegistrySettings.option("'" + CHECK_HOST + "' is '" + check
                    + "': expected https, or nothing, which lets the certificate be another host's.");
        }
        boolean anyHost = check != null && check.isEmpty();
        if (trusted.isEmpty() && own.isEmpty() && !anyHost) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    own.isPresent() ? own.get().keys(Optional.ofNullable(keyPassword)) : null,
                    trusted.isPresent() ? trusted.get().trusted() : null,
                    null);
            return Optional.of(new RegistryTls(context, anyHost));
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("this JVM has no TLS", failed);
        }
    }

    void prepare(HttpsURLConnection connection) {
        connection.setSSLSocketFactory(context.getSocketFactory());
        if (anyHost) {
            connection.setHostnameVerifier((_, _) -> true);
        }
    }

    /// A file with keys or certificates.
    ///
    /// @param option that names the file
    /// @param type as [KeyStore] has it, or PEM
    private record Store(String option, Path file, Optional<String> password, String type) {
        private static final String PEM = "PEM";

        static Optional<Store> of(String prefix, Map<String, String> options) {
            @Nullable String location = options.remove(prefix + LOCATION);
            @Nullable String password = options.remove(prefix + PASSWORD);
            @Nullable String type = options.remove(prefix + TYPE);
            if (location == null) {
                if (password != null || type != null) {
                    throw RegistrySettings.option("'" + prefix + LOCATION + "' is missing, which names the file.");
                }
                return Optional.empty();
            }
            return Optional.of(new Store(
                    prefix + LOCATION,
                    Path.of(location),
                    Optional.ofNullable(password),
                    type == null ? KeyStore.getDefaultType() : type));
        }

        TrustManager[] trusted() throws GeneralSecurityException {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(type.equalsIgnoreCase(PEM) ? certificates() : load());
            return factory.getTrustManagers();
        }

        KeyManager[] keys(Optional<String> keyPassword) throws GeneralSecurityException {
            if (type.equalsIgnoreCase(PEM)) {
                throw RegistrySettings.option("'" + option + "' is of type PEM: expected PKCS12 or JKS.");
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore store = load();
            try {
                factory.init(store, keyPassword.or(() -> password).orElse("").toCharArray());
            } catch (GeneralSecurityException wrong) {
                throw unreadable(wrong);
            }
            return factory.getKeyManagers();
        }

        private KeyStore load() {
            try (InputStream in = Files.newInputStream(file)) {
                KeyStore store = KeyStore.getInstance(type);
                store.load(in, password.map(String::toCharArray).orElse(null));
                return store;
            } catch (IOException | GeneralSecurityException failed) {
                throw unreadable(failed);
            }
        }

        private KeyStore certificates() {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("certificate " + number++, certificate);
                }
                return store;
            } catch (IOException | GeneralSecurityException failed) {
                throw unreadable(failed);
            }
        }

        private QueryException unreadable(Exception cause) {
            return RegistrySettings.option("'" + option + "' is '" + file + "', which can't be read as " + type + " ("
                    + cause + "). Check the file, its type and its password.");
        }
    }
}
