package dev.headrace.avro;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a schema registry is asked. The options are those of Confluent's clients, with or without their prefix
/// `schema.registry.`.
///
/// Holds secrets: its text has none of them.
///
/// @param addresses of the same registry, without user and password; asked one after the other
/// @param authorization the header of each request
/// @param tls what certificates are trusted and shown; absent for those of the JVM
/// @param connectTimeout until a connection must be there
/// @param readTimeout until an answer must be there
/// @param retries how often a request is made again that got no answer
/// @param firstWait before the first of those; doubled before each other one, up to `longestWait`
record RegistrySettings(
        List<URI> addresses,
        Optional<Authorization> authorization,
        Optional<RegistryTls> tls,
        Duration connectTimeout,
        Duration readTimeout,
        int retries,
        Duration firstWait,
        Duration longestWait) {
    private static final String PREFIX = "schema.registry.";
    private static final String BASIC_SOURCE = "basic.auth.credentials.source";
    private static final String USER_INFO = "basic.auth.user.info";
    private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
    private static final String TOKEN = "bearer.auth.token";
    private static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
    private static final String READ_TIMEOUT = "http.read.timeout.ms";
    private static final String RETRIES = "max.retries";
    private static final String FIRST_WAIT = "retries.wait.ms";
    private static final String LONGEST_WAIT = "retries.max.wait.ms";
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final long WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 5_000;
    private static final long USUAL_RETRIES = 3;
    private static final long MAX_RETRIES = 1_000;

    RegistrySettings {
        addresses = List.copyOf(addresses);
    }

    /// A header that proves who asks.
    ///
    /// @param what it has, for messages
    record Authorization(String header, String what) {
        @Override
        public String toString() {
            return what;
        }
    }

    /// @param registry the address, or several with commas between them
    /// @throws QueryException `SCHEMA_REGISTRY_ADDRESS`, `SCHEMA_REGISTRY_OPTION`
    static RegistrySettings of(String registry, Map<String, String> options) {
        Map<String, String> left = new TreeMap<>();
        options.forEach((key, value) -> left.put(key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key, value));
        List<URI> addresses = new ArrayList<>();
        List<String> userInfos = new ArrayList<>();
        for (String one : registry.split(",", -1)) {
            URI address = address(one.trim(), registry);
            if (address.getUserInfo() != null) {
                userInfos.add(address.getUserInfo());
            }
            addresses.add(withoutUser(address));
        }
        Optional<Authorization> authorization = authorization(left, userInfos);
        Optional<RegistryTls> tls = RegistryTls.of(left);
        RegistrySettings settings = new RegistrySettings(
                addresses,
                authorization,
                tls,
                millis(left, CONNECT_TIMEOUT, TIMEOUT_MILLIS),
                millis(left, READ_TIMEOUT, TIMEOUT_MILLIS),
                Math.toIntExact(number(left, RETRIES, USUAL_RETRIES, MAX_RETRIES)),
                millis(left, FIRST_WAIT, WAIT_MILLIS),
                millis(left, LONGEST_WAIT, LONGEST_WAIT_MILLIS));
        if (!left.isEmpty()) {
            String unknown = left.keySet().iterator().next();
            throw option("'" + unknown + "' is not known. "
                    + Suggestion.didYouMean(
                            unknown,
                            List.of(
                                    BASIC_SOURCE,
                                    USER_INFO,
                                    BEARER_SOURCE,
                                    TOKEN,
                                    CONNECT_TIMEOUT,
                                    READ_TIMEOUT,
                                    RETRIES,
                                    FIRST_WAIT,
                                    LONGEST_WAIT,
                                    RegistryTls.TRUST_STORE,
                                    RegistryTls.KEY_STORE)));
        }
        return settings;
    }

    static QueryException option(String what) {
        return new QueryException("SCHEMA_REGISTRY_OPTION", "Debezium.avro(…): the registry's option " + what.strip());
    }

    /// @param all the addresses
    private static URI address(String text, String all) {
        try {
            URI address = new URI(text);
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null
                    && (address.getUserInfo() != null || !text.contains("@"))) {
                return address;
            }
        } catch (URISyntaxException refusedBelow) {
            throw noAddress(text, all);
        }
        throw noAddress(text, all);
    }

    /// A password may have commas and slashes, so that a part of it looks like an address.
    private static QueryException noAddress(String text, String all) {
        String shown =
                text.contains("@") ? "…" + text.substring(text.lastIndexOf('@')) : all.contains("@") ? "…" : text;
        return new QueryException(
                "SCHEMA_REGISTRY_ADDRESS",
                "Debezium.avro(…): '" + shown
                        + "' is no address of a schema registry. Give one like 'http://localhost:8081'"
                        + (all.contains("@")
                                ? "; in a user and password write characters such as , / # @ as %2C %2F %23 %40."
                                : "."));
    }

    private static URI withoutUser(URI address) {
        try {
            return new URI(
                    address.getScheme(),
                    null,
                    address.getHost(),
                    address.getPort(),
                    address.getPath(),
                    address.getQuery(),
                    null);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("the parts of an address make no address", impossible);
        }
    }

    private static Optional<Authorization> authorization(Map<String, String> options, List<String> userInfos) {
        @Nullable String user = options.remove(USER_INFO);
        @Nullable String token = options.remove(TOKEN);
        String basic = options.containsKey(BASIC_SOURCE)
                ? String.valueOf(options.remove(BASIC_SOURCE))
                : user == null ? "URL" : "USER_INFO";
        @Nullable String bearer = options.remove(BEARER_SOURCE);
        if (bearer != null && !bearer.equals("STATIC_TOKEN")) {
            throw option("'" + BEARER_SOURCE + "' is '" + bearer + "': expected STATIC_TOKEN.");
        }
        if (bearer != null && token == null) {
            throw option("'" + TOKEN + "' is missing, which '" + BEARER_SOURCE + "' = STATIC_TOKEN needs.");
        }
        boolean byUser = switch (basic) {
            case "URL" -> !userInfos.isEmpty();
            case "USER_INFO" -> true;
            default -> throw option("'" + BASIC_SOURCE + "' is '" + basic + "': expected URL or USER_INFO.");
        };
        if (byUser && token != null) {
            throw option("'" + TOKEN + "' stands beside a user and password: choose one.");
        }
        if (token != null) {
            return Optional.of(new Authorization("Bearer " + token, "a token"));
        }
        if (!byUser) {
            return Optional.empty();
        }
        String info = basic.equals("URL") ? userInfos.getFirst() : user;
        if (info == null || info.indexOf(':') < 1) {
            throw option(
                    basic.equals("URL")
                            ? "'" + BASIC_SOURCE
                                    + "' is URL: expected an address like 'http://user:password@host:8081'."
                            : "'" + USER_INFO + "' is missing or has no colon: expected user:password.");
        }
        return Optional.of(new Authorization(
                "Basic " + Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8)),
                "user and password"));
    }

    private static Duration millis(Map<String, String> options, String key, long usual) {
        return Duration.ofMillis(number(options, key, usual, Integer.MAX_VALUE));
    }

    private static long number(Map<String, String> options, String key, long usual, long most) {
        @Nullable String text = options.remove(key);
        if (text == null) {
            return usual;
        }
        try {
            long number = Long.parseLong(text.trim());
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException refusedBelow) {
            throw noNumber(key, text, most);
        }
        throw noNumber(key, text, most);
    }

    private static QueryException noNumber(String key, String text, long most) {
        return option("'" + key + "' is '" + text + "': expected a number from 0 to " + most + ".");
    }
}
