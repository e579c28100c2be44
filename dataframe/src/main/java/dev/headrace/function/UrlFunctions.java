package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// Functions of URLs.
public final class UrlFunctions {
    private UrlFunctions() {}

    public static @Nullable Slice parse(Slice url, Slice part) {
        try {
            return part(new URI(url.toString()), part.toString());
        } catch (URISyntaxException wrong) {
            throw new DataException(
                    "INVALID_URL",
                    "'" + url + "' is not a URL: " + wrong.getReason() + ". Use try_parse_url to get NULL instead.",
                    wrong);
        }
    }

    public static @Nullable Slice parse(Slice url, Slice part, Slice key) {
        return key(parse(url, part), part, key);
    }

    public static @Nullable Slice tryParse(Slice url, Slice part) {
        try {
            return part(new URI(url.toString()), part.toString());
        } catch (URISyntaxException notUrl) {
            return null;
        }
    }

    public static @Nullable Slice tryParse(Slice url, Slice part, Slice key) {
        return key(tryParse(url, part), part, key);
    }

    private static @Nullable Slice part(URI url, String part) {
        @Nullable String text = switch (part) {
            case "HOST" -> url.getHost();
            case "PATH" -> url.getRawPath();
            case "QUERY" -> url.getRawQuery();
            case "REF" -> url.getRawFragment();
            case "PROTOCOL" -> url.getScheme();
            case "FILE" -> url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
            case "AUTHORITY" -> url.getRawAuthority();
            case "USERINFO" -> url.getRawUserInfo();
            default -> null;
        };
        return text == null ? null : Slice.utf8(text);
    }

    private static @Nullable Slice key(@Nullable Slice query, Slice part, Slice key) {
        if (query == null || !part.toString().equals("QUERY")) {
            return null;
        }
        // As in Spark, the key is a regular expression.
        Matcher matcher =
                RegexFunctions.regex(Slice.utf8("(&|^)" + key + "=([^&]*)")).matcher(query.toString());
        return Regex.find(matcher) ? Slice.utf8(matcher.group(2)) : null;
    }

    public static Slice encode(Slice text) {
        return Slice.utf8(URLEncoder.encode(text.toString(), StandardCharsets.UTF_8));
    }

    public static Slice decode(Slice text) {
        try {
            return Slice.utf8(URLDecoder.decode(text.toString(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException wrong) {
            throw new DataException(
                    "CANNOT_DECODE_URL",
                    "'" + text + "' can't be decoded: " + wrong.getMessage()
                            + ". Use try_url_decode to get NULL instead.",
                    wrong);
        }
    }

    public static @Nullable Slice tryDecode(Slice text) {
        try {
            return Slice.utf8(URLDecoder.decode(text.toString(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException wrong) {
            return null;
        }
    }
}
