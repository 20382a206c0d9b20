// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineCpusTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "0-3, 4", "'0-3,6', 5", "'0,2-3,8-15', 11"})
    void a_list_of_the_kernel_is_counted(String list, int count) {
        assertThat(OnlineCpus.count(list)).isEqualTo(count);
    }

    @Test
    void this_machine_has_some() {
        assertThat(OnlineCpus.count()).isPositive();
    }
}
