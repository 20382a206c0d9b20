// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.portcullis.policy.validation.Suggestion;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** The text of a scalar as the value of a field. */
final class ScalarReader {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,30})");

    private ScalarReader() {}

    /**
     * @throws IllegalArgumentException if the field can't take this text; the message is for people
     */
    static Object value(FieldDescriptor field, String text) {
        return switch (field.getType()) {
            case STRING -> text;
            case BOOL -> bool(text);
            case ENUM -> enumValue(field, text);
            case INT32 -> number(text, signed(32)).intValue();
            case UINT32 -> number(text, unsigned(32)).intValue();
            case INT64 -> number(text, signed(64)).longValue();
            case UINT64 -> number(text, unsigned(64)).longValue();
            default ->
                    throw new IllegalStateException(
                            field.getFullName() + " is of a type that files have not had so far");
        };
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
        EnumValueDescriptor value = field.getEnumType().findValueByName(text);
        if (value == null) {
            List<String> names =
                    field.getEnumType().getValues().stream()
                            .map(EnumValueDescriptor::getName)
                            .toList();
            throw new IllegalArgumentException(
                    "must be one of "
                            + String.join(", ", names)
                            + Suggestion.didYouMean(text, names));
        }
        return value;
    }

    private static BigInteger number(String text, Range range) {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a whole number");
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(range.least) < 0 || number.compareTo(range.most) > 0) {
            throw new IllegalArgumentException(
                    "must be a whole number from " + range.least + " to " + range.most);
        }
        return number;
    }

    private static Range unsigned(int bits) {
        return new Range(BigInteger.ZERO, BigInteger.TWO.pow(bits).subtract(BigInteger.ONE));
    }

    private static Range signed(int bits) {
        BigInteger half = BigInteger.TWO.pow(bits - 1);
        return new Range(half.negate(), half.subtract(BigInteger.ONE));
    }

    private record Range(BigInteger least, BigInteger most) {}
}
