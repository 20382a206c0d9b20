// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one hand-kept copy of bpf/types.h is what a C compiler makes of it. */
class KernelLayoutTest {
    @TempDir private Path directory;

    @Test
    void every_number_of_the_layout_is_the_one_of_the_kernel_programs() throws Exception {
        String program = directory.resolve("layout").toString();
        run(List.of("clang", "-I../../bpf", "-o", program, "src/test/c/layout.c"));

        Map<String, Long> compiled = new TreeMap<>();
        for (String line : run(List.of(program)).lines().toList()) {
            String[] words = line.split(" ");
            compiled.put(words[0], Long.valueOf(words[1]));
        }

        assertThat(constants()).isEqualTo(compiled);
    }

    private static Map<String, Long> constants() throws IllegalAccessException {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : KernelLayout.class.getDeclaredFields()) {
            constants.put(field.getName(), (long) field.getInt(null));
        }
        return constants;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
