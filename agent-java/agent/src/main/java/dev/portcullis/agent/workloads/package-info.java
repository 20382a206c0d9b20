// SPDX-License-Identifier: Apache-2.0
/** The processes that resources name: units and cgroups, followed as they come and go. */
package dev.portcullis.agent.workloads;
